import { Button, useMantineColorScheme } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Details.module.css";
import { framed } from "./frame";

type Props = {
  html: string;
  /** The message without what it quotes: shown until somebody wants the whole. */
  newlyWritten?: string | null;
  title: string;
};

/** Whether reading it would ask somebody else for an image. */
const foreignImage = /<img\b[^>]*\ssrc="https?:/i;

const folded = 176;

/** Somebody's HTML in a frame that runs no scripts; its height is read from outside. */
export function MessageFrame({ html, newlyWritten = null, title }: Props) {
  const { t } = useTranslation();
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(folded);
  const [whole, setWhole] = useState(false);
  const [asked, setAsked] = useState(false);
  const shown = whole ? html : (newlyWritten ?? html);
  const images = asked || !foreignImage.test(shown) ? "all" : "own";
  const { colorScheme } = useMantineColorScheme();
  const long = height > folded;
  return (
    <>
      {images === "own" && (
        <p className={classes.images}>
          {t("conversation.images")}
          <button type="button" className={classes.link} onClick={() => setAsked(true)}>
            {t("conversation.showImages")}
          </button>
        </p>
      )}
      <div className={classes.message} style={long && !whole ? { height: folded } : {}}>
        <iframe
          key={`${colorScheme} ${images}`}
          ref={frame}
          title={title}
          // Same origin lets the page measure the frame; without scripts it lets the message do nothing.
          sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
          referrerPolicy="no-referrer"
          srcDoc={framed(shown, getComputedStyle(document.documentElement), images)}
          style={{ height }}
          onLoad={() => setHeight(frame.current?.contentDocument?.body.offsetHeight ?? folded)}
        />
        {(long || newlyWritten !== null) && (
          <div className={classes.more} data-over={(long && !whole) || undefined}>
            <Button size="xs" variant="default" onClick={() => setWhole(!whole)}>
              {t(whole ? "emails.details.showLess" : "emails.details.showWhole")}
            </Button>
          </div>
        )}
      </div>
    </>
  );
}
