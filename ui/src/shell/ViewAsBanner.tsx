import { Button } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { endViewAs, useSession } from "../session/session";
import { sayError } from "../toasts/toasts";
import classes from "./Strips.module.css";

/** Says whose desk this is, as long as it is not one's own. */
export function ViewAsBanner() {
  const { t } = useTranslation();
  const { view_as } = useSession();
  if (view_as === null) return null;
  return (
    <div className={classes.strip} data-tone="marine" role="status">
      <IconEye size={16} stroke={1.6} />
      <span className={classes.words}>{t("shell.viewingAs", { name: view_as.name })}</span>
      <Button size="xs" variant="default" onClick={() => void endViewAs().catch(sayError)}>
        {t("shell.endViewAs")}
      </Button>
    </div>
  );
}
