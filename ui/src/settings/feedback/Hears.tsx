import { useTranslation } from "react-i18next";
import type { News } from "../../api/types";

const ALL = ["late_bounce", "delay", "arrival", "complaint", "reply"] as const satisfies readonly News[];

/** What a channel can and cannot learn of its mail after the server took it. */
export function Hears({ of }: { of: News[] }) {
  const { t, i18n } = useTranslation();
  const list = new Intl.ListFormat(i18n.language, { type: "conjunction" });
  const name = (news: News[]) => list.format(news.map((one) => t(`settings.feedback.news.${one}`)));
  const not = ALL.filter((news) => !of.includes(news));
  if (of.length === 0) return <div>{t("settings.feedback.hears.none")}</div>;
  return (
    <>
      <div>{t("settings.feedback.hears.some", { news: name(of) })}</div>
      {not.length > 0 && <div>{t("settings.feedback.hears.not", { news: name(not) })}</div>}
    </>
  );
}
