import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Address } from "../../api/types";
import { AddressInput } from "./AddressInput";
import { Chip } from "./Chip";
import classes from "./Rows.module.css";

type Props = {
  kind: "cc" | "bcc";
  copies: Address[];
  /** Addresses that are not to be mailed. */
  leftOut: ReadonlySet<string>;
  focus: boolean;
  onChange: (copies: Address[]) => void;
};

/** Who gets a copy: for all to see, or for nobody. */
export function CopyRow({ kind, copies, leftOut, focus, onChange }: Props) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (focus) input.current?.focus();
  }, [focus]);

  const add = (more: Address[]): void => {
    const known = new Set(copies.map(({ address }) => address.toLowerCase()));
    onChange([...copies, ...more.filter(({ address }) => !known.has(address.toLowerCase()))]);
  };
  return (
    <div className={classes.row}>
      <span className={classes.label}>{t(`compose.${kind}`)}</span>
      <div className={classes.value}>
        <AddressInput
          label={t(`compose.${kind}`)}
          inputRef={input}
          onPerson={({ name, address }) => add([{ name, address }])}
          onMailboxes={add}
          onBackspace={() => onChange(copies.slice(0, -1))}
        >
          {copies.map(({ name, address }) => (
            <Chip
              key={address}
              name={name || address}
              address={address}
              held={leftOut.has(address)}
              onRemove={() => onChange(copies.filter((one) => one.address !== address))}
            />
          ))}
        </AddressInput>
      </div>
    </div>
  );
}
