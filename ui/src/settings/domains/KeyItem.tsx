import { Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../../api/problem";
import { queryClient } from "../../api/queries";
import type { DkimKey } from "../../api/types";
import { useSession } from "../../session/session";
import { momentOf } from "../../times/format";
import { useNow } from "../../times/now";
import { sayError } from "../../toasts/toasts";
import { ConfirmButton } from "../ConfirmButton";
import { Badge } from "../Rows";
import { Problem } from "../Section";
import { beginSigning, deleteKey, endSigning } from "./api";
import { DnsRecordFields } from "./DnsRecordFields";
import classes from "./Domains.module.css";

const tones = { waiting: "brass", signing: "green", replaced: "plain", retired: "plain" } as const;

/** One key: the record it needs, and whether it signs. */
export function KeyItem({ dkimKey: key }: { dkimKey: DkimKey }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const now = useNow(60_000);
  const [shown, setShown] = useState(key.state === "waiting");
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState(false);
  const moment = (at: string | null) => (at ? momentOf(Date.parse(at), now, user.time_zone) : "");
  const said = {
    waiting: t("settings.domains.keyWaiting"),
    signing: t("settings.domains.keySigning", { at: moment(key.signs_since) }),
    replaced: t("settings.domains.keyReplaced", { at: moment(key.needed_until) }),
    retired: t("settings.domains.keyRetired"),
  };
  const act = (doing: Promise<unknown>): void => {
    setBusy(true);
    doing
      .catch(sayError)
      .then(() => queryClient.invalidateQueries({ queryKey: ["domains"] }))
      .finally(() => setBusy(false));
  };
  const begin = (unchecked: boolean): void => {
    setMissing(false);
    act(
      beginSigning(key.id, unchecked).catch((error: unknown) => {
        // Its record is not there: said where it can be copied.
        if (!isProblem(error, "conflict")) throw error;
        setMissing(true);
        setShown(true);
      }),
    );
  };
  return (
    <li>
      <div className={classes.keyLine}>
        <div className={classes.keyWords}>
          <div className={classes.keyTitle}>
            {t(`settings.domains.algorithms.${key.algorithm}`)}
            <Badge tone={tones[key.state]}>{t(`settings.domains.states.${key.state}`)}</Badge>
          </div>
          <div className={classes.quiet}>{said[key.state]}</div>
        </div>
        <div className={classes.buttons}>
          {key.state === "waiting" && (
            <Button size="xs" loading={busy} onClick={() => begin(false)}>
              {t("settings.domains.checkAndSign")}
            </Button>
          )}
          <Button size="xs" variant="default" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {t(shown ? "settings.domains.hideRecord" : "settings.domains.showRecord")}
          </Button>
          {key.state === "signing" ? (
            <Button size="xs" variant="default" loading={busy} onClick={() => act(endSigning(key.id))}>
              {t("settings.domains.stopSigning")}
            </Button>
          ) : (
            <ConfirmButton
              label={t("settings.domains.deleteKey")}
              icon={<IconTrash size={16} stroke={1.6} />}
              question={
                key.state === "replaced"
                  ? t("settings.domains.deleteReplacedKeyQuestion", { at: moment(key.needed_until) })
                  : t("settings.domains.deleteKeyQuestion")
              }
              verb={t("settings.delete")}
              onConfirm={() => act(deleteKey(key.id))}
            />
          )}
        </div>
      </div>
      {missing && (
        <Problem>
          {t(`settings.domains.recordStates.${key.record_state ?? "missing"}`)}{" "}
          <Button size="compact-xs" variant="subtle" color="coral" onClick={() => begin(true)}>
            {t("settings.domains.signAnyway")}
          </Button>
        </Problem>
      )}
      {shown && <DnsRecordFields record={key.record} />}
    </li>
  );
}
