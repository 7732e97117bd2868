import { Button } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Folder } from "../api/types";
import { openCompose } from "../compose/open";
import { EmptyState } from "../states/EmptyState";

const elsewhere: Partial<
  Record<Folder, { folder: Folder; title: "seeDelivered" | "seeUndelivered" | "seeDrafts" }>
> = {
  archived: { folder: "delivered", title: "seeDelivered" },
  in_progress: { folder: "delivered", title: "seeDelivered" },
  undelivered: { folder: "delivered", title: "seeDelivered" },
  failed: { folder: "undelivered", title: "seeUndelivered" },
  bounced: { folder: "undelivered", title: "seeUndelivered" },
  spam: { folder: "undelivered", title: "seeUndelivered" },
};

/** What belongs in a folder that has nothing, and the next step. */
export function EmptyFolder({ folder, readOnly }: { folder: Folder; readOnly: boolean }) {
  const { t } = useTranslation();
  const other = elsewhere[folder];
  return (
    <EmptyState title={t(`emails.empty.${folder}.title`)} hint={t(`emails.empty.${folder}.hint`)}>
      {other ? (
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/emails/$folder" params={{ folder: other.folder }} {...props} />}
        >
          {t(`emails.empty.${other.title}`)}
        </Button>
      ) : (
        !readOnly && (
          <Button leftSection={<IconPencil stroke={1.6} />} onClick={() => openCompose({ kind: "new" })}>
            {t("emails.empty.write")}
          </Button>
        )
      )}
    </EmptyState>
  );
}
