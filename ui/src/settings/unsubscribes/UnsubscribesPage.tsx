import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSession } from "../../session/session";
import { Loaded } from "../Loaded";
import { Section } from "../Section";
import { messageQuery } from "./api";
import { MessageForm } from "./MessageForm";
import { GivenMessage, OwnMessage } from "./OwnMessage";
import { StopList } from "./StopList";

/** The words with the unsubscribe link, and everybody who is not to be mailed. */
export default function UnsubscribesPage() {
  const { t } = useTranslation();
  const { role } = useSession();
  const query = useQuery(messageQuery);
  return (
    <>
      <Section title={t("stops.title")} hint={t("stops.hint")} />
      <Loaded query={query}>
        {(message) => (
          <>
            {role === "admin" && (
              <Section title={t("stops.message.title")} hint={t("stops.message.hint")}>
                <MessageForm key={message.version} message={message} />
              </Section>
            )}
            {message.wording === "users" && <OwnMessage key={message.own_html} message={message} />}
            {message.wording === "admin" && role !== "admin" && <GivenMessage message={message} />}
          </>
        )}
      </Loaded>
      <StopList />
    </>
  );
}
