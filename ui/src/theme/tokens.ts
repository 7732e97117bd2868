/** The colours of the interface. The names and values are those of the design; nothing else may be used. */
export const lightTokens = {
  "--qd-surface": "#FFFFFF",
  "--qd-sunken": "#F7F6F3",
  "--qd-raised": "#FFFFFF",
  "--qd-hover": "#F5F4F1",
  "--qd-active": "#ECEAE5",
  "--qd-line": "#ECEAE6",
  "--qd-line-2": "#DCD9D2",
  "--qd-control": "#80858C",
  "--qd-ink": "#1A1D21",
  "--qd-ink-2": "#4C5158",
  "--qd-ink-3": "#656A72",
  "--qd-ink-4": "#B4B6B9",
  "--qd-marine": "#1C5A91",
  "--qd-marine-btn": "#1C5A91",
  "--qd-marine-btn-hover": "#174A78",
  "--qd-tint": "#EDF4FA",
  "--qd-tint-2": "#DFECF7",
  "--qd-marine-line": "#98C0E2",
  "--qd-green": "#17693F",
  "--qd-green-bg": "#E4F3EA",
  "--qd-green-dot": "#2A9960",
  "--qd-brass": "#7D500A",
  "--qd-brass-bg": "#FAF0D9",
  "--qd-brass-dot": "#D19A2E",
  "--qd-brass-line": "#EBD6A6",
  "--qd-coral": "#AD3529",
  "--qd-coral-bg": "#FCECE9",
  "--qd-coral-dot": "#D9503F",
  "--qd-coral-line": "#F2C9C2",
  "--qd-plum": "#664A9B",
  "--qd-plum-bg": "#F1EDF8",
  "--qd-plum-dot": "#8D6FC4",
  "--qd-inverse": "#1F242B",
  "--qd-inverse-ink": "#FFFFFF",
  "--qd-inverse-ink-2": "#B9C0C9",
  "--qd-inverse-line": "#3A424C",
  "--qd-shadow-1": "0 1px 2px rgba(22,28,36,.06)",
  "--qd-shadow-2": "0 6px 20px -4px rgba(22,28,36,.14),0 1px 3px rgba(22,28,36,.08)",
  "--qd-shadow-3": "0 24px 64px -12px rgba(22,28,36,.30),0 6px 16px -4px rgba(22,28,36,.12)",
  "--qd-avatar-bg-l": ".925",
  "--qd-avatar-bg-c": ".036",
  "--qd-avatar-fg-l": ".40",
  "--qd-avatar-fg-c": ".085",
} as const;

export type Token = keyof typeof lightTokens;

export const darkTokens: Record<Token, string> = {
  "--qd-surface": "#15181C",
  "--qd-sunken": "#0F1215",
  "--qd-raised": "#1D2126",
  "--qd-hover": "#1A1E23",
  "--qd-active": "#232830",
  "--qd-line": "#22272D",
  "--qd-line-2": "#343B44",
  "--qd-control": "#727A85",
  "--qd-ink": "#E8EAED",
  "--qd-ink-2": "#B4BAC2",
  "--qd-ink-3": "#939AA4",
  "--qd-ink-4": "#4A515B",
  "--qd-marine": "#7AB8EC",
  "--qd-marine-btn": "#2A74B2",
  "--qd-marine-btn-hover": "#1C5A91",
  "--qd-tint": "#172736",
  "--qd-tint-2": "#1B3247",
  "--qd-marine-line": "#2F5F8A",
  "--qd-green": "#67C799",
  "--qd-green-bg": "#15291F",
  "--qd-green-dot": "#3FAF78",
  "--qd-brass": "#E0B45E",
  "--qd-brass-bg": "#2B2312",
  "--qd-brass-dot": "#D19A2E",
  "--qd-brass-line": "#54431C",
  "--qd-coral": "#F29084",
  "--qd-coral-bg": "#341C19",
  "--qd-coral-dot": "#E2604F",
  "--qd-coral-line": "#5E2E28",
  "--qd-plum": "#B9A2E8",
  "--qd-plum-bg": "#262036",
  "--qd-plum-dot": "#8D6FC4",
  "--qd-inverse": "#2C333C",
  "--qd-inverse-ink": "#F3F4F6",
  "--qd-inverse-ink-2": "#B4BAC2",
  "--qd-inverse-line": "#434C57",
  "--qd-shadow-1": "0 1px 2px rgba(0,0,0,.4)",
  "--qd-shadow-2": "0 6px 20px -4px rgba(0,0,0,.55),0 0 0 1px rgba(255,255,255,.04)",
  "--qd-shadow-3": "0 24px 64px -12px rgba(0,0,0,.75),0 0 0 1px rgba(255,255,255,.05)",
  "--qd-avatar-bg-l": ".315",
  "--qd-avatar-bg-c": ".045",
  "--qd-avatar-fg-l": ".83",
  "--qd-avatar-fg-c": ".07",
};

/** The eight-step families that Mantine's own components draw from. */
export const families = ["marine", "green", "brass", "coral", "plum"] as const;

type Family = (typeof families)[number];

/** Mantine's "light" variants, so that built-in components take exactly the pairs of the design. */
export function lightVariants(tokens: Record<Token, string>): Record<string, string> {
  const background = (family: Family): string =>
    family === "marine" ? tokens["--qd-tint"] : tokens[`--qd-${family}-bg`];
  return Object.fromEntries(
    families.flatMap((family) => [
      [`--mantine-color-${family}-light`, background(family)],
      [
        `--mantine-color-${family}-light-hover`,
        family === "marine" ? tokens["--qd-tint-2"] : background(family),
      ],
      [`--mantine-color-${family}-light-color`, tokens[`--qd-${family}`]],
    ]),
  );
}
