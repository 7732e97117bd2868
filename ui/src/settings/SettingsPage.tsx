import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../session/session";
import classes from "./SettingsPage.module.css";

const own = ["profile", "identities", "channels", "mailboxes", "unsubscribes", "tokens"] as const;
const everybodys = [
  "workspace",
  "members",
  "invitations",
  "teams",
  "sending-domains",
  "tracking-domain",
  "blocked-domains",
  "providers",
  "audit",
] as const;

/** The pages of the settings; those for everybody are only shown to administrators. */
export default function SettingsPage() {
  const { t } = useTranslation();
  const { role, can_view_as } = useSession();
  const { pathname } = useLocation();
  const nav = useRef<HTMLElement>(null);

  // On a narrow screen the pages stand in one line that scrolls.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page has its own place in the line
  useEffect(() => {
    const show = (): void =>
      nav.current?.querySelector("[data-on]")?.scrollIntoView({ inline: "center", block: "nearest" });
    show();
    // The letters of our own font are wider: what was in sight before they came is not any more.
    void document.fonts.ready.then(show);
  }, [pathname]);

  const link = (page: (typeof own)[number] | (typeof everybodys)[number] | "view-as") => (
    <Link key={page} to={`/settings/${page}`} className={classes.link} activeProps={{ "data-on": "" }}>
      {t(`settings.pages.${page}`)}
    </Link>
  );
  return (
    <div className={classes.page}>
      <nav ref={nav} className={classes.nav} aria-label={t("settings.title")}>
        <span className={classes.group}>{t("settings.yours")}</span>
        {own.map(link)}
        {can_view_as.length > 0 && link("view-as")}
        {role === "admin" && <span className={classes.group}>{t("settings.everybodys")}</span>}
        {role === "admin" && everybodys.map(link)}
      </nav>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by the keyboard */}
      <div className={classes.content} tabIndex={0}>
        <div className={classes.column}>
          <Outlet />
        </div>
      </div>
    </div>
  );
}
