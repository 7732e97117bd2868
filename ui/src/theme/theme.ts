import {
  type ButtonProps,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
} from "@mantine/core";
import { i18next } from "../i18n";
import { darkTokens, lightTokens, lightVariants, type Token } from "./tokens";

const sans =
  '"Inter Variable","Noto Sans CJK KR","Noto Sans KR","Hiragino Sans","Yu Gothic UI","PingFang TC","Microsoft JhengHei",system-ui,sans-serif';
const mono = '"JetBrains Mono Variable",ui-monospace,Menlo,Consolas,monospace';

const tuple = (...shades: [string, string, string, string, string, string, string, string, string, string]) =>
  shades satisfies MantineColorsTuple;

const colors = {
  marine: tuple(
    "#EDF4FA",
    "#DFECF7",
    "#C3DAEE",
    "#98C0E2",
    "#7AB8EC",
    "#4A93CF",
    "#2A74B2",
    "#1C5A91",
    "#174A78",
    "#123A5E",
  ),
  gray: tuple(
    "#F7F6F3",
    "#F5F4F1",
    "#ECEAE6",
    "#DCD9D2",
    "#B4B6B9",
    "#80858C",
    "#656A72",
    "#4C5158",
    "#2E3238",
    "#1A1D21",
  ),
  dark: tuple(
    "#E8EAED",
    "#B4BAC2",
    "#939AA4",
    "#727A85",
    "#343B44",
    "#232830",
    "#1D2126",
    "#15181C",
    "#0F1215",
    "#0A0C0E",
  ),
  green: tuple(
    "#E4F3EA",
    "#CFE9DA",
    "#A9D8BD",
    "#7FC6A0",
    "#67C799",
    "#3FAF78",
    "#2A9960",
    "#1F8050",
    "#17693F",
    "#10502F",
  ),
  brass: tuple(
    "#FAF0D9",
    "#F5E4BC",
    "#EBD6A6",
    "#E6C680",
    "#E0B45E",
    "#D19A2E",
    "#B37F1C",
    "#986612",
    "#7D500A",
    "#5E3C06",
  ),
  coral: tuple(
    "#FCECE9",
    "#F9DCD7",
    "#F2C9C2",
    "#F4AAA0",
    "#F29084",
    "#E2604F",
    "#D9503F",
    "#C2402F",
    "#AD3529",
    "#84271E",
  ),
  plum: tuple(
    "#F1EDF8",
    "#E3DBF2",
    "#CFC1E9",
    "#C3B0EB",
    "#B9A2E8",
    "#8D6FC4",
    "#7A5DB0",
    "#6F52A5",
    "#664A9B",
    "#4C3675",
  ),
};

const buttonHeights: Record<string, string> = { xs: "26px", sm: "30px", md: "34px" };
const buttonPaddings: Record<string, string> = { xs: "9px", sm: "11px", md: "13px" };

export const theme = createTheme({
  primaryColor: "marine",
  primaryShade: { light: 7, dark: 6 },
  colors,
  cursorType: "pointer",
  defaultRadius: "sm",
  respectReducedMotion: true,
  fontFamily: sans,
  fontFamilyMonospace: mono,
  fontSizes: { xs: "11px", sm: "12px", md: "13px", lg: "14px", xl: "16px" },
  lineHeights: { xs: "16px", sm: "16px", md: "18px", lg: "22px", xl: "22px" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px", "2xl": "32px" },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "16px" },
  shadows: {
    xs: "var(--qd-shadow-1)",
    sm: "var(--qd-shadow-1)",
    md: "var(--qd-shadow-2)",
    lg: "var(--qd-shadow-3)",
    xl: "var(--qd-shadow-3)",
  },
  headings: {
    fontFamily: sans,
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "20px", lineHeight: "26px" },
      h2: { fontSize: "16px", lineHeight: "22px" },
      h3: { fontSize: "14px", lineHeight: "22px" },
      h4: { fontSize: "13px", lineHeight: "18px" },
    },
  },
  components: {
    Button: {
      defaultProps: { size: "sm" },
      vars: (_theme: unknown, props: ButtonProps) => ({
        root: {
          "--button-height": buttonHeights[props.size ?? "sm"],
          "--button-padding-x": buttonPaddings[props.size ?? "sm"],
          "--button-fz": props.size === "xs" ? "12px" : "13px",
          ...(props.variant === "light" ? { "--button-bd": "1px solid var(--qd-marine-line)" } : {}),
        },
      }),
    },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray", size: 28 } },
    TextInput: { defaultProps: { size: "md" } },
    PasswordInput: {
      defaultProps: {
        // Mantine leaves it out of the order of the keyboard, and names it in English.
        visibilityToggleButtonProps: { "aria-label": i18next.t("states.showTyped"), tabIndex: 0 },
      },
    },
    Textarea: { defaultProps: { size: "md" } },
    Select: { defaultProps: { size: "md", comboboxProps: { shadow: "lg" } } },
    Checkbox: {
      defaultProps: { size: "md", radius: "xs" },
      vars: () => ({ root: { "--checkbox-size": "16px" } }),
      styles: { labelWrapper: { lineHeight: "16px" } },
    },
    Radio: { defaultProps: { size: "md" }, vars: () => ({ root: { "--radio-size": "16px" } }) },
    Switch: { defaultProps: { size: "sm", withThumbIndicator: false } },
    Menu: {
      defaultProps: { radius: "lg", shadow: "lg", transitionProps: { duration: 160, transition: "pop" } },
    },
    Popover: {
      defaultProps: { radius: "lg", shadow: "lg", transitionProps: { duration: 160 } },
    },
    Modal: {
      defaultProps: {
        radius: "lg",
        centered: true,
        closeButtonProps: { "aria-label": i18next.t("states.close") },
        overlayProps: { backgroundOpacity: 0.35 },
        transitionProps: { duration: 160 },
      },
    },
    Tooltip: {
      defaultProps: { openDelay: 600, withArrow: true, arrowSize: 8, transitionProps: { duration: 90 } },
    },
  },
});

/** What Mantine would otherwise pick too pale or too strong. */
function builtIns(tokens: Record<Token, string>): Record<string, string> {
  return {
    "--mantine-color-body": tokens["--qd-surface"],
    "--mantine-color-text": tokens["--qd-ink"],
    "--mantine-color-placeholder": tokens["--qd-ink-3"],
    "--mantine-color-dimmed": tokens["--qd-ink-3"],
    "--mantine-color-error": tokens["--qd-coral"],
    "--mantine-color-anchor": tokens["--qd-marine"],
    "--mantine-color-default": tokens["--qd-raised"],
    "--mantine-color-default-hover": tokens["--qd-hover"],
    "--mantine-color-default-border": tokens["--qd-line-2"],
    "--mantine-color-default-color": tokens["--qd-ink"],
    // Its own dark one is the colour of a dialog.
    "--mantine-color-disabled": tokens["--qd-active"],
    "--mantine-color-marine-filled": tokens["--qd-marine-btn"],
    "--mantine-color-marine-filled-hover": tokens["--qd-marine-btn-hover"],
    "--mantine-primary-color-filled": tokens["--qd-marine-btn"],
    "--mantine-primary-color-filled-hover": tokens["--qd-marine-btn-hover"],
    "--mantine-color-gray-light-color": tokens["--qd-ink-2"],
    "--mantine-color-gray-light-hover": tokens["--qd-active"],
    ...lightVariants(tokens),
  };
}

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {
    "--qd-ease": "cubic-bezier(.2,.8,.2,1)",
    "--qd-fast": "90ms",
    "--qd-mid": "160ms",
    "--qd-slow": "220ms",
  },
  light: { ...lightTokens, ...builtIns(lightTokens) },
  dark: { ...darkTokens, ...builtIns(darkTokens) },
});
