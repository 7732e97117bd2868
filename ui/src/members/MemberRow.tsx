import { ActionIcon, Button, Menu, Select } from "@mantine/core";
import { IconDots, IconKey, IconUserCheck, IconUserOff } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../api/queries";
import type { Member, Role } from "../api/types";
import { Avatar } from "../people/Avatar";
import { useSession } from "../session/session";
import { CopyField } from "../settings/CopyField";
import panel from "../settings/Panel.module.css";
import { Badge, Row } from "../settings/Rows";
import { useDay } from "../settings/useDay";
import { say, sayError } from "../toasts/toasts";
import { changeRole, reactivate, resetPassword } from "./api";
import { HandOver } from "./HandOver";
import { roleOptions } from "./roles";

type Props = { member: Member; others: Member[] };

/** One member: the role, and the ways in and out. */
export function MemberRow({ member, others }: Props) {
  const { t } = useTranslation();
  const day = useDay();
  const { user } = useSession();
  const [leaving, setLeaving] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  const { id, name, email, role, state, teams, last_seen_at } = member;
  const active = state === "active";
  const self = id === user.id;

  const run = (work: () => Promise<unknown>): void => {
    work()
      .then(() => queryClient.invalidateQueries({ queryKey: membersKey }))
      .catch(sayError);
  };
  const reset = async (): Promise<void> => {
    const { link, mailed } = await resetPassword(id);
    setLink(link);
    if (mailed) say(t("members.resetMailed", { email }));
  };
  const seen = last_seen_at ? t("members.seen", { day: day(last_seen_at) }) : t("members.neverSeen");

  return (
    <Row
      dimmed={!active}
      lead={<Avatar name={name} address={email} />}
      title={
        <>
          {name}
          {self && <Badge tone="plain">{t("members.you")}</Badge>}
          {!active && <Badge tone="plain">{t("members.deactivated")}</Badge>}
        </>
      }
      detail={[email, ...teams.map((team) => team.name), seen].join(" · ")}
      actions={
        <>
          <Select
            w={124}
            aria-label={t("members.roleOf", { name })}
            data={roleOptions()}
            value={role}
            disabled={!active || self}
            allowDeselect={false}
            onChange={(chosen) => chosen && run(() => changeRole(id, chosen as Role))}
          />
          {active ? (
            <Menu position="bottom-end" width={240}>
              <Menu.Target>
                <ActionIcon aria-label={t("members.more", { name })}>
                  <IconDots size={16} stroke={1.6} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  leftSection={<IconKey size={16} stroke={1.6} />}
                  onClick={() => void reset().catch(sayError)}
                >
                  {t("members.resetPassword")}
                </Menu.Item>
                {!self && (
                  <Menu.Item
                    color="coral"
                    leftSection={<IconUserOff size={16} stroke={1.6} />}
                    onClick={() => setLeaving(true)}
                  >
                    {t("members.deactivate")}
                  </Menu.Item>
                )}
              </Menu.Dropdown>
            </Menu>
          ) : (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconUserCheck stroke={1.6} />}
              onClick={() => run(() => reactivate(id))}
            >
              {t("members.reactivate")}
            </Button>
          )}
        </>
      }
    >
      {link && (
        <div className={panel.panel}>
          <CopyField label={t("members.resetLink", { name })} value={link} />
        </div>
      )}
      {leaving && (
        <HandOver
          member={member}
          heirs={others.filter((other) => other.id !== id && other.state === "active")}
          onDone={() => setLeaving(false)}
        />
      )}
    </Row>
  );
}

const membersKey = ["members"];
