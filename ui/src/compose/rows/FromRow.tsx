import { Menu } from "@mantine/core";
import { IconCheck, IconChevronDown, IconSettings } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Identity } from "../../api/types";
import classes from "./Rows.module.css";

type Props = { identities: Identity[]; chosen: string | null; onChoose: (id: string) => void };

/** Whom the email comes from, and through which channel it goes. */
export function FromRow({ identities, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const identity = identities.find(({ id }) => id === chosen);
  return (
    <div className={classes.row}>
      <span className={classes.label} id="compose-from">
        {t("compose.from")}
      </span>
      <div className={classes.value}>
        <Menu position="bottom-start" width="target" zIndex={400}>
          <Menu.Target>
            <button type="button" className={classes.from} aria-labelledby="compose-from compose-from-value">
              <span className="qd-truncate" id="compose-from-value">
                {identity ? (
                  <>
                    {identity.name} <span className={classes.muted}>{whereFrom(identity)}</span>
                  </>
                ) : (
                  <span className={classes.muted}>{t("compose.noIdentity")}</span>
                )}
              </span>
              <IconChevronDown size={16} stroke={1.6} />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {identities.map((one) => (
              <Menu.Item
                key={one.id}
                onClick={() => onChoose(one.id)}
                rightSection={one.id === chosen && <IconCheck size={16} stroke={1.6} />}
              >
                <span className={classes.words}>
                  {one.name}
                  <small>
                    {whereFrom(one)}
                    {one.verified_at === null && ` · ${t("compose.notVerified")}`}
                  </small>
                </span>
              </Menu.Item>
            ))}
            <Menu.Divider />
            <Menu.Item
              leftSection={<IconSettings size={16} stroke={1.6} />}
              onClick={() => void navigate({ to: "/settings/identities" })}
            >
              {t("compose.manageIdentities")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
    </div>
  );
}

function whereFrom({ address, channel }: Identity): string {
  return channel ? `${address} · ${channel.name}` : address;
}
