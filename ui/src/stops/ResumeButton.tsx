import { Button, type ButtonProps } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Stop } from "../api/types";
import { useSession } from "../session/session";
import { ResumeDialog } from "./ResumeDialog";

/** Lets mail go again, with a reason: an administrator's to decide. */
export function ResumeButton({ stop, ...look }: { stop: Stop } & ButtonProps) {
  const { t } = useTranslation();
  const { role, view_as } = useSession();
  const [asking, setAsking] = useState(false);
  if (role !== "admin" || view_as !== null) return null;
  return (
    <>
      <Button variant="default" {...look} onClick={() => setAsking(true)}>
        {t(stop.cause === "hard_bounce" ? "stops.resumeAddress" : "stops.resume")}
      </Button>
      {asking && <ResumeDialog stop={stop} onClose={() => setAsking(false)} />}
    </>
  );
}
