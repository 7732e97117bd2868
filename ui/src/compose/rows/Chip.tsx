import { IconBan, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Avatar } from "../../people/Avatar";
import classes from "./AddressInput.module.css";

type Props = {
  name: string;
  detail?: string | null;
  address: string;
  /** Not to be mailed; a note says why. */
  held?: boolean;
  onRemove: () => void;
};

/** Somebody the email goes to. */
export function Chip({ name, detail, address, held = false, onRemove }: Props) {
  const { t } = useTranslation();
  return (
    <span className={classes.chip} title={address} data-held={held || undefined}>
      {held ? (
        <IconBan size={16} stroke={1.8} aria-hidden="true" />
      ) : (
        <Avatar name={name} address={address} size={20} />
      )}
      <span className="qd-truncate">
        {name} {detail && <small>{detail}</small>}
      </span>
      <button
        type="button"
        className={classes.remove}
        aria-label={t("compose.removePerson", { name })}
        onClick={onRemove}
      >
        <IconX size={13} stroke={1.8} />
      </button>
    </span>
  );
}
