import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../../api/problem";
import { queryClient } from "../../api/queries";
import { sayError } from "../../toasts/toasts";
import { Form } from "../Section";
import { enterTrackingDomain } from "./api";

/** The name of a host of one's own. */
export function TrackingHostForm() {
  const { t } = useTranslation();
  const [host, setHost] = useState("");
  const [wrong, setWrong] = useState(false);
  const [busy, setBusy] = useState(false);
  const enter = (): void => {
    setBusy(true);
    setWrong(false);
    enterTrackingDomain(host)
      .then(() => queryClient.invalidateQueries({ queryKey: ["domains"] }))
      .catch((error: unknown) => {
        if (isProblem(error, "invalid")) setWrong(true);
        else sayError(error);
      })
      .finally(() => setBusy(false));
  };
  return (
    <Form
      onSubmit={enter}
      buttons={
        <Button type="submit" loading={busy} disabled={host.trim() === ""}>
          {t("settings.trackingDomain.enter")}
        </Button>
      }
    >
      <TextInput
        label={t("settings.trackingDomain.host")}
        description={t("settings.trackingDomain.hostHint")}
        inputWrapperOrder={["label", "input", "error", "description"]}
        placeholder="go.example.com"
        autoComplete="off"
        spellCheck={false}
        value={host}
        error={wrong && t("settings.trackingDomain.hostWrong")}
        onChange={(event) => setHost(event.currentTarget.value)}
      />
    </Form>
  );
}
