import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { EmailRow } from "../api/types";

const atMostEvery = 10_000;

/** Says politely, and seldom, how many emails are new or changed. */
export function LiveAnnouncer({ rows }: { rows: EmailRow[] }) {
  const { t } = useTranslation();
  const [said, setSaid] = useState("");
  const known = useRef<Map<string, number> | null>(null);
  const changed = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    const versions = new Map(rows.map((row) => [row.id, row.version]));
    const before = known.current;
    known.current = versions;
    // The first page, and more of the list further down, are no news.
    if (before === null || before.size === 0 || rows.length - before.size > 20) return;
    for (const [id, version] of versions) if (before.get(id) !== version) changed.current.add(id);
    if (changed.current.size === 0 || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      setSaid(t("emails.held.announce", { count: changed.current.size }));
      changed.current.clear();
    }, atMostEvery);
  }, [rows, t]);

  useEffect(() => () => clearTimeout(timer.current), []);

  return (
    <div className="qd-hidden" role="status" aria-live="polite">
      {said}
    </div>
  );
}
