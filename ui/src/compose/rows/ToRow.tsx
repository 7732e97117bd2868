import { Switch } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { Mailbox } from "../addresses";
import { hasName, nameOf, type Recipient } from "../content";
import { AddressInput } from "./AddressInput";
import { Chip } from "./Chip";
import classes from "./Rows.module.css";

type Props = {
  to: Recipient | null;
  /** Not to be mailed. */
  held: boolean;
  inputRef: RefObject<HTMLInputElement | null>;
  onPerson: (recipient: Recipient | null) => void;
  onMailbox: (mailbox: Mailbox) => void;
  preview: { on: boolean; onChange: (on: boolean) => void };
  copies: { cc: boolean; bcc: boolean; onShow: (which: "cc" | "bcc") => void };
};

/** The one person the email is written to. */
export function ToRow({ to, held, inputRef, onPerson, onMailbox, preview, copies }: Props) {
  const { t } = useTranslation();
  const remove = (): void => {
    onPerson(null);
    setTimeout(() => inputRef.current?.focus());
  };
  return (
    <div className={classes.row} data-wrap="">
      <span className={classes.label}>{t("compose.to")}</span>
      <div className={classes.value}>
        <AddressInput
          label={t("compose.to")}
          placeholder={t("compose.toPlaceholder")}
          full={to !== null}
          inputRef={inputRef}
          onPerson={({ id, name, company, time_zone, address }) =>
            onPerson({ id, name, company, time_zone, address })
          }
          onMailboxes={([first]) => first && onMailbox(first)}
          onBackspace={() => {}}
        >
          {to && (
            <Chip
              name={nameOf(to)}
              detail={to.company ?? (hasName(to) ? to.address : null)}
              address={to.address}
              held={held}
              onRemove={remove}
            />
          )}
        </AddressInput>
      </div>
      <div className={classes.aside}>
        {to && (
          <>
            <IconEye size={16} stroke={1.6} aria-hidden="true" />
            <Switch
              size="xs"
              labelPosition="left"
              label={hasName(to) ? t("compose.previewAs", { name: to.name }) : t("compose.preview.label")}
              checked={preview.on}
              onChange={(event) => preview.onChange(event.currentTarget.checked)}
            />
          </>
        )}
        {to && (!copies.cc || !copies.bcc) && <span className={classes.rule} />}
        {(["cc", "bcc"] as const)
          .filter((which) => !copies[which])
          .map((which) => (
            <button key={which} type="button" className={classes.more} onClick={() => copies.onShow(which)}>
              {t(`compose.${which}`)}
            </button>
          ))}
      </div>
    </div>
  );
}
