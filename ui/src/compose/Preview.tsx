import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ErrorState } from "../states/ErrorState";
import { previewEmail } from "./api";
import { labelOf } from "./fields/labels";
import classes from "./Preview.module.css";
import { Note } from "./rows/Note";

type Props = { emailId: string; version: number; personId: string | null; name: string };

/** The message as that person will read it, in a frame without scripts. */
export function Preview({ emailId, version, personId, name }: Props) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ["emails", emailId, "preview", version, personId],
    queryFn: () => previewEmail(emailId, personId),
    placeholderData: (previous) => previous,
  });
  if (error && !data)
    return <ErrorState title={t("compose.preview.failed")} error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  return (
    <div className={classes.preview}>
      {data.unresolved.map((field) => (
        <Note
          key={field}
          tone="coral"
          text={t("compose.preview.unresolved", { field: labelOf(field), name })}
        />
      ))}
      <h3 className={classes.subject}>{data.subject}</h3>
      <iframe
        className={classes.frame}
        title={t("compose.preview.title", { name })}
        // Of this site, so that the images of the draft load; without scripts all the same.
        sandbox="allow-same-origin"
        referrerPolicy="no-referrer"
        srcDoc={framed(data.html)}
      />
    </div>
  );
}

/** Mail is written for white paper, in every colour scheme. */
function framed(html: string): string {
  const policy = "default-src 'none'; img-src 'self' data: http: https:; style-src 'unsafe-inline'";
  const style =
    "body{margin:0;padding:18px;background:#fff;color:#1a1d21;font:14px/22px system-ui,sans-serif;overflow-wrap:anywhere}" +
    "p{margin:0 0 12px}li>p{margin:0 0 4px}img{max-width:100%}blockquote{margin:0;padding-left:12px;border-left:2px solid #dcd9d2}";
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><base target="_blank"><style>${style}</style>${html}`;
}
