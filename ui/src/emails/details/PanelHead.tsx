import { ActionIcon, Tooltip } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { EmailDetails, EmailRow } from "../../api/types";
import { type ActionKind, actionIcons, possibleKinds } from "../actionKinds";
import classes from "./Details.module.css";

type Props = {
  email: EmailDetails | undefined;
  place: number;
  total: number;
  onMove: (by: 1 | -1) => void;
  onClose: () => void;
  onAct: ((kind: ActionKind, rows: EmailRow[]) => void) | null;
};

/** Where this email stands in the list, what can be done with it, and the way out. */
export function PanelHead({ email, place, total, onMove, onClose, onAct }: Props) {
  const { t } = useTranslation();
  return (
    <header className={classes.head}>
      {place >= 0 && (
        <span className="qd-figures">
          {t("emails.details.position", { position: place + 1, total: total.toLocaleString() })}
        </span>
      )}
      <HeadButton label={t("emails.details.previous")} disabled={place <= 0} onClick={() => onMove(-1)}>
        <IconChevronUp size={16} stroke={1.6} />
      </HeadButton>
      <HeadButton
        label={t("emails.details.next")}
        disabled={place < 0 || place >= total - 1}
        onClick={() => onMove(1)}
      >
        <IconChevronDown size={16} stroke={1.6} />
      </HeadButton>
      <span className={classes.grow} />
      {email &&
        onAct &&
        possibleKinds([email]).email.map((kind) => {
          const Icon = actionIcons[kind];
          return (
            <HeadButton key={kind} label={t(`emails.actions.${kind}`)} onClick={() => onAct(kind, [email])}>
              <Icon size={16} stroke={1.6} />
            </HeadButton>
          );
        })}
      <HeadButton label={t("emails.details.close")} onClick={onClose}>
        <IconX size={16} stroke={1.6} />
      </HeadButton>
    </header>
  );
}

type ButtonProps = { label: string; disabled?: boolean; onClick: () => void; children: ReactNode };

function HeadButton({ label, disabled, onClick, children }: ButtonProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} disabled={disabled} onClick={onClick} className={classes.headButton}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
