import { useQuery } from "@tanstack/react-query";
import type { Channel } from "../../api/types";
import { Loaded } from "../Loaded";
import panel from "../Panel.module.css";
import { feedbackQuery } from "./api";
import { FeedbackForm } from "./FeedbackForm";

/** How a channel learns what becomes of its mail. */
export function FeedbackPanel({ channel, onDone }: { channel: Channel; onDone: () => void }) {
  const query = useQuery(feedbackQuery(channel.id));
  return (
    <div className={panel.panel}>
      <Loaded query={query}>
        {(feedback) => <FeedbackForm channel={channel} feedback={feedback} onDone={onDone} />}
      </Loaded>
    </div>
  );
}
