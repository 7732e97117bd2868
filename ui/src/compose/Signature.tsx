import { useTranslation } from "react-i18next";
import classes from "./ComposeWindow.module.css";

/** The words of the signature that the server puts under the message. */
export function Signature({ html }: { html: string }) {
  const { t } = useTranslation();
  const words = textOf(html);
  if (words === "") return null;
  return (
    <div className={classes.signature} title={t("compose.signatureHint")}>
      {words}
    </div>
  );
}

/** Read by the browser's parser in a document of its own, which runs nothing and loads nothing. */
function textOf(html: string): string {
  const broken = html.replace(/<br\s*\/?>|<\/(?:p|div|li)>/giu, "$&\n");
  return (new DOMParser().parseFromString(broken, "text/html").body.textContent ?? "").trim();
}
