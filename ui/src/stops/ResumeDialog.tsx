import { Button, Modal, Select, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ResumeReason, Stop, StopCause } from "../api/types";
import { useSubmit } from "../api/useSubmit";
import { Form, Problem } from "../settings/Section";
import { say } from "../toasts/toasts";
import { resumeStop } from "./api";
import { refreshStops } from "./unsubscribe";

const reasons: Record<StopCause, ResumeReason[]> = {
  unsubscribed: ["they_asked", "consented", "contract", "mistake"],
  hard_bounce: ["address_works", "they_asked", "mistake"],
  complaint: ["they_asked", "consented", "mistake"],
};

type Props = { stop: Stop; onClose: () => void };

/** Why somebody may be mailed again: it is asked, and kept. */
export function ResumeDialog({ stop, onClose }: Props) {
  const { t } = useTranslation();
  const [reason, setReason] = useState<ResumeReason | null>(
    stop.cause === "hard_bounce" ? "address_works" : null,
  );
  const [note, setNote] = useState("");
  const { busy, errors, problem, submit } = useSubmit();
  const name = stop.person_name ?? stop.address;

  const resume = async (): Promise<void> => {
    if (reason === null) return;
    if (!(await submit(async () => void (await resumeStop(stop.id, reason, note))))) return;
    onClose();
    say(t("stops.resumed", { name }));
    await refreshStops();
  };
  return (
    <Modal opened onClose={onClose} title={t("stops.resumeTitle", { name })} size={440}>
      <Form
        onSubmit={() => void resume()}
        buttons={
          <>
            <Button type="submit" loading={busy} disabled={reason === null}>
              {t("stops.resume")}
            </Button>
            <Button variant="default" onClick={onClose}>
              {t("settings.cancel")}
            </Button>
          </>
        }
      >
        {problem && <Problem>{problem}</Problem>}
        <Select
          data-autofocus
          label={t("stops.reason")}
          description={t(stop.cause === "hard_bounce" ? "stops.resumeAddressHint" : "stops.resumeHint")}
          data={reasons[stop.cause].map((value) => ({ value, label: t(`stops.reasons.${value}`) }))}
          value={reason}
          allowDeselect={false}
          onChange={(value) => setReason(value as ResumeReason | null)}
        />
        <Textarea
          label={t(reason === "consented" ? "stops.noteConsent" : "stops.note")}
          required={reason === "consented"}
          value={note}
          error={errors.note}
          maxLength={1000}
          autosize
          minRows={2}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      </Form>
    </Modal>
  );
}
