import { Loader, Modal } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { type Chosen, countOfChosen } from "./chosen";
import { nameOf } from "./words";

// The calendar belongs to writing, which is loaded when it is needed.
const ScheduleForm = lazy(() =>
  import("../compose/schedule/ScheduleForm").then((module) => ({ default: module.ScheduleForm })),
);

type Props = { chosen: Chosen; timeZone: string; onClose: () => void; onChoose: (at: Date) => void };

/** Another time for what is scheduled; in the recipient's zone when it is one email. */
export function RescheduleDialog({ chosen, timeZone, onClose, onChoose }: Props) {
  const { t } = useTranslation();
  const only = countOfChosen(chosen) === 1 ? chosen.rows[0] : undefined;
  const recipient = only?.person?.time_zone ? { name: nameOf(only), zone: only.person.time_zone } : null;
  return (
    <Modal opened onClose={onClose} title={t("emails.reschedule.title")} size={340} padding="md">
      <Suspense fallback={<Loader size="sm" />}>
        <ScheduleForm yourZone={timeZone} recipient={recipient} busy={false} onConfirm={onChoose} />
      </Suspense>
    </Modal>
  );
}
