import { Button } from "@mantine/core";
import { IconGitMerge } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ApiError, isOffline } from "../../api/problem";
import { sayFields, sayProblem } from "../../api/words";
import { sayWithUndo } from "../../toasts/toasts";
import { Note } from "../rows/Note";
import classes from "./Banner.module.css";
import type { Draft } from "./useDraft";

/** What needs a decision before the draft can be saved again. Nothing is lost either way. */
export function DraftBanner({ draft }: { draft: Draft }) {
  const { state } = draft;
  if (state.phase === "conflict") return <Conflict draft={draft} />;
  if (state.phase === "failed" && !isOffline(state.problem)) return <Refused draft={draft} />;
  return null;
}

function Conflict({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const takeTheirs = (): void => {
    const mine = draft.takeTheirs();
    sayWithUndo({
      message: t("compose.conflict.took"),
      undo: async () => draft.replace(mine),
    });
  };
  return (
    <div className={classes.banner} role="alert">
      <IconGitMerge size={16} stroke={1.6} />
      <span>
        <b>{t("compose.conflict.title")}</b> {t("compose.conflict.safe")}
      </span>
      <Button size="xs" variant="default" onClick={takeTheirs}>
        {t("compose.conflict.theirs")}
      </Button>
      <Button size="xs" variant="light" onClick={() => void draft.autosave.keepMine()}>
        {t("compose.conflict.mine")}
      </Button>
    </div>
  );
}

/** The server will not take the words: a field breaks a limit, or the email is no longer a draft. */
function Refused({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const { problem } = draft.state;
  const fields = Object.entries(sayFields(problem));
  if (fields.length > 0) {
    return fields.map(([field, sentence]) => (
      <Note key={field} tone="coral" text={t("compose.refusedField", { field: sayField(field), sentence })} />
    ));
  }
  const gone = problem instanceof ApiError && ["conflict", "not-found"].includes(problem.slug);
  return (
    <Note tone="coral" text={gone ? t("compose.gone") : sayProblem(problem)}>
      {gone && (
        <Button size="xs" variant="default" onClick={() => void draft.autosave.startAnew()}>
          {t("compose.startAnew")}
        </Button>
      )}
    </Note>
  );

  function sayField(field: string): string {
    const known = ["subject", "cc", "bcc", "to"] as const;
    const found = known.find(
      (one) => field === one || field.startsWith(`${one}_`) || field.startsWith(`${one}.`),
    );
    return found ? t(`compose.${found}`) : t("compose.body");
  }
}
