import { Button } from "@mantine/core";
import { IconBrandGoogle, IconBrandWindows, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MailboxProvider } from "../../api/types";
import { useSession } from "../../session/session";
import { sayError } from "../../toasts/toasts";
import { askConsent, usableProvidersQuery } from "./api";
import classes from "./ConnectButtons.module.css";

const icons = { google: IconBrandGoogle, microsoft: IconBrandWindows };

type Ways = {
  onPassword: () => void;
  /** Whether there is no mailbox yet, and the buttons stand alone in the middle. */
  isFirst?: boolean;
};

/** The ways to connect a mailbox: by a consent where the workspace is registered, or with a password. */
export function ConnectButtons({ onPassword, isFirst = false }: Ways) {
  const { t } = useTranslation();
  const { role } = useSession();
  const { data, isPending } = useQuery(usableProvidersQuery);
  const providers = data?.items;
  const isAlone = providers?.length === 0;
  // One next step is filled; of two, nobody knows which it is.
  const variant = providers?.length === 1 ? "filled" : "default";
  // Which ways there are decides what the buttons say: nothing is to change under the hand.
  if (isPending) return null;
  return (
    <div className={classes.ways} data-first={isFirst || undefined}>
      <div className={classes.buttons}>
        {providers?.map((provider) => {
          const Icon = icons[provider];
          return (
            <ConsentButton key={provider} provider={provider} variant={variant} icon={<Icon stroke={1.6} />}>
              {t(`settings.mailboxes.connect.${provider}`)}
            </ConsentButton>
          );
        })}
        <Button
          variant={isAlone ? "filled" : "default"}
          leftSection={<IconPlus stroke={1.6} />}
          onClick={onPassword}
        >
          {t(isAlone ? "settings.mailboxes.add" : "settings.mailboxes.addOther")}
        </Button>
      </div>
      {isFirst && isAlone && role === "admin" && (
        <p className={classes.hint}>
          {t("settings.mailboxes.providerHint")}{" "}
          <Link to="/settings/providers">{t("settings.mailboxes.providerLink")}</Link>
        </p>
      )}
    </div>
  );
}

type Props = {
  provider: MailboxProvider;
  /** The mailbox that is connected again. */
  mailbox?: string;
  size?: "xs";
  variant?: "filled" | "default";
  icon?: React.ReactNode;
  children: string;
};

/** Leaves for the provider, to come back with a consent. */
export function ConsentButton({ provider, mailbox, size, variant = "filled", icon, children }: Props) {
  const [leaving, setLeaving] = useState(false);
  const leave = (): void => {
    setLeaving(true);
    askConsent(provider, mailbox ?? null)
      .then(({ url }) => window.location.assign(url))
      .catch((error) => {
        setLeaving(false);
        sayError(error);
      });
  };
  return (
    <Button {...(size && { size })} variant={variant} loading={leaving} leftSection={icon} onClick={leave}>
      {children}
    </Button>
  );
}
