import { useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

/** The name of the page. */
export function PageTitle({ className }: { className?: string }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <h1 className={className}>{t(pathname.startsWith("/settings") ? "shell.settings" : "shell.emails")}</h1>
  );
}
