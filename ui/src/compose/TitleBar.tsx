import { ActionIcon, Tooltip } from "@mantine/core";
import { IconArrowsDiagonal, IconArrowsDiagonalMinimize2, IconMinus, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./TitleBar.module.css";

export type WindowSize = "docked" | "minimised" | "whole";

type Props = {
  title: string;
  size: WindowSize;
  onSize: (size: WindowSize) => void;
  onClose: () => void;
  children?: ReactNode;
};

/** What is being written, whether it is kept, and the size of the window. */
export function TitleBar({ title, size, onSize, onClose, children }: Props) {
  const { t } = useTranslation();
  const minimised = size === "minimised";
  const whole = size === "whole";
  const button = (label: string, icon: ReactNode, run: () => void, className?: string) => (
    <Tooltip label={label}>
      <ActionIcon size={26} aria-label={label} className={className} onClick={run}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <header className={classes.bar}>
      {minimised ? (
        <button type="button" className={classes.title} onClick={() => onSize("docked")}>
          {title}
        </button>
      ) : (
        <h2 className={classes.title}>{title}</h2>
      )}
      {!minimised && children}
      <span className={classes.space} />
      {!minimised &&
        button(t("compose.minimise"), <IconMinus size={16} stroke={1.6} />, () => onSize("minimised"))}
      {button(
        t(whole ? "compose.dock" : minimised ? "compose.restore" : "compose.maximise"),
        whole ? (
          <IconArrowsDiagonalMinimize2 size={16} stroke={1.6} />
        ) : (
          <IconArrowsDiagonal size={16} stroke={1.6} />
        ),
        () => onSize(whole || minimised ? "docked" : "whole"),
        classes.resize,
      )}
      {button(t("compose.close"), <IconX size={16} stroke={1.6} />, onClose)}
    </header>
  );
}
