import type { Editor } from "@tiptap/react";
import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Check, Identity } from "../api/types";
import { useSession } from "../session/session";
import { AttachmentList } from "./attachments/AttachmentList";
import { useAttachments } from "./attachments/useAttachments";
import classes from "./ComposeWindow.module.css";
import { at, checksOf, firstBlocking, isHeldBack, leftOut } from "./checks";
import { isEmpty, nameOf } from "./content";
import { DraftBanner } from "./draft/Banner";
import type { LoadedDraft } from "./draft/load";
import { SaveMark } from "./draft/SaveMark";
import type { Shelf } from "./draft/shelf";
import { useDraft } from "./draft/useDraft";
import { BodyEditor } from "./editor/BodyEditor";
import { isImage } from "./editor/images";
import { SubjectEditor } from "./editor/SubjectEditor";
import { Toolbar } from "./editor/Toolbar";
import { Footer } from "./Footer";
import { NonCommercialSwitch } from "./NonCommercialSwitch";
import { closeCompose } from "./open";
import { Preview } from "./Preview";
import { CopyRow } from "./rows/CopyRow";
import { FromRow } from "./rows/FromRow";
import { CheckNotes, Note } from "./rows/Note";
import rows from "./rows/Rows.module.css";
import { ToRow } from "./rows/ToRow";
import { useRecipient } from "./rows/useRecipient";
import { Signature } from "./Signature";
import { ScheduleButton } from "./schedule/ScheduleButton";
import { TitleBar, type WindowSize } from "./TitleBar";
import { TrackingSwitch } from "./TrackingSwitch";
import { useComposeKeys } from "./useComposeKeys";
import { useFirstFocus } from "./useFirstFocus";
import { useSending } from "./useSending";
import { RemovedNote, TrackingWarnings } from "./Warnings";

type Props = {
  loaded: LoadedDraft;
  shelf: Shelf;
  identities: Identity[];
  title: "compose.emailTo" | "compose.followUpTo" | "compose.replyTo";
  trackingAllowed: boolean;
  size: WindowSize;
  onSize: (size: WindowSize) => void;
};

/** One draft: its rows, its words, and what becomes of it. */
export function Composer({
  loaded,
  shelf,
  identities,
  title: titleKey,
  trackingAllowed,
  size,
  onSize,
}: Props) {
  const { t } = useTranslation();
  const { user } = useSession();
  const draft = useDraft(loaded, shelf);
  const { state, change, autosave, generation } = draft;
  const { content, server } = state;
  const attachments = useAttachments(draft);
  const { sending, send, discard } = useSending(draft);
  const recipient = useRecipient(draft);

  const [body, setBody] = useState<Editor | null>(null);
  const [subject, setSubject] = useState<Editor | null>(null);
  const [inSubject, setInSubject] = useState(false);
  const [previewing, setPreviewing] = useState(false);
  const [scheduling, setScheduling] = useState(false);
  const [shown, setShown] = useState<("cc" | "bcc")[]>([]);
  const [removed, setRemoved] = useState<string[]>([]);
  const toInput = useRef<HTMLInputElement>(null);
  const show = (which: "cc" | "bcc") => setShown((list) => [...list, which]);
  const noteRemoved = useCallback(
    (kinds: string[]) => kinds.length > 0 && setRemoved((known) => [...new Set([...known, ...kinds])]),
    [],
  );

  const { to } = content;
  const identity = identities.find(({ id }) => id === content.identity_id) ?? null;
  const checks = checksOf(content, server, identities);
  const blocking = firstBlocking(checks);
  const waiting = attachments.uploading
    ? t("compose.waitForFiles")
    : state.phase === "conflict"
      ? t("compose.waitForDecision")
      : null;
  const sendable = blocking === null && waiting === null && !sending;

  /** The person is found: on to what comes next. */
  const writeOn = (): void => {
    setTimeout(() => (content.subject === "" ? subject : body)?.view.focus());
  };
  const mend = (field: Check["field"]): void => {
    setPreviewing(false);
    if (field === "to") toInput.current?.focus();
    else if (field === "subject") subject?.commands.focus("end");
    else if (field === "body") body?.commands.focus();
    else document.getElementById("compose-from-value")?.closest("button")?.focus();
  };
  const preview = async (on: boolean): Promise<void> => {
    if (on) await autosave.keep();
    setPreviewing(on);
    if (!on) setTimeout(() => body?.view.focus());
  };
  const addImages = async (files: File[]): Promise<void> => {
    for (const src of await attachments.add(files, true)) body?.chain().focus().setImage({ src }).run();
  };
  const addFiles = (files: File[]): void => void attachments.add(files, false);
  const drop = (event: React.DragEvent): void => {
    const files = [...event.dataTransfer.files];
    if (files.length === 0 || event.defaultPrevented) return;
    event.preventDefault();
    addFiles(files.filter((file) => !isImage(file) || previewing));
  };
  const onKeyDown = useComposeKeys({
    send: { run: () => void send(null), enabled: sendable },
    schedule: { run: () => setScheduling(true), enabled: sendable },
    preview: { run: () => void preview(!previewing), enabled: to !== null },
    close: { run: closeCompose, enabled: size !== "minimised" },
  });
  useFirstFocus({ content, toInput, subject, body, minimised: size === "minimised" });

  const title = to ? t(titleKey, { name: nameOf(to) }) : t("compose.title");

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys and files are for the whole window
    <div
      className={classes.writing}
      data-window=""
      onKeyDownCapture={onKeyDown.capture}
      onKeyDown={onKeyDown.bubble}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      <TitleBar title={title} size={size} onSize={onSize} onClose={closeCompose}>
        <SaveMark state={state} />
      </TitleBar>
      <DraftBanner draft={draft} />
      <FromRow
        identities={identities}
        chosen={content.identity_id}
        onChoose={(identity_id) => change({ identity_id })}
      />
      <CheckNotes checks={at(checks, "from")} identityId={content.identity_id} />
      <ToRow
        to={to}
        held={isHeldBack(checks)}
        inputRef={toInput}
        onPerson={(person) => {
          recipient.choose(person);
          if (person) writeOn();
        }}
        onMailbox={(mailbox) => {
          recipient.write(mailbox);
          writeOn();
        }}
        preview={{ on: previewing, onChange: (on) => void preview(on) }}
        copies={{
          cc: content.cc.length > 0 || shown.includes("cc"),
          bcc: content.bcc.length > 0 || shown.includes("bcc"),
          onShow: show,
        }}
      />
      <CheckNotes checks={at(checks, "to")} />
      {recipient.note}
      {(["cc", "bcc"] as const).map(
        (kind) =>
          (content[kind].length > 0 || shown.includes(kind)) && (
            <CopyRow
              key={kind}
              kind={kind}
              copies={content[kind]}
              leftOut={leftOut(checks)}
              focus={shown.at(-1) === kind}
              onChange={(copies) => change({ [kind]: copies })}
            />
          ),
      )}
      <div className={rows.row} hidden={previewing}>
        <span className={rows.label}>{t("compose.subject")}</span>
        <div className={classes.subject}>
          <SubjectEditor
            key={generation}
            text={content.subject}
            label={t("compose.subject")}
            placeholder={t("compose.subjectPlaceholder")}
            onChange={(text) => change({ subject: text })}
            onEnter={() => body?.view.focus()}
            onFocus={() => setInSubject(true)}
            onReady={setSubject}
          />
        </div>
      </div>
      <CheckNotes checks={at(checks, "subject")} />
      {previewing && server && (
        <Preview
          emailId={server.id}
          version={server.version}
          personId={to?.id ?? null}
          name={to ? nameOf(to) : ""}
        />
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the room under the words belongs to the editor, which takes the keys */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: as above */}
      <div
        className={classes.scroll}
        hidden={previewing}
        onFocus={() => setInSubject(false)}
        onClick={(event) => event.target === event.currentTarget && body?.commands.focus("end")}
      >
        <BodyEditor
          key={generation}
          html={content.body_html}
          label={t("compose.body")}
          placeholder={t("compose.bodyPlaceholder")}
          onChange={(body_html) => change({ body_html })}
          onImages={(files) => void addImages(files)}
          onUnsafe={noteRemoved}
          onReady={setBody}
        />
        {identity && !server?.email.follow_up_of && <Signature html={identity.signature_html} />}
      </div>
      <RemovedNote
        kinds={[...new Set([...removed, ...(server?.email.removed ?? [])])]}
        onDismiss={() => setRemoved([])}
      />
      <CheckNotes checks={[...at(checks, "body"), ...at(checks, "attachments")]} />
      {content.non_commercial && <Note text={t("stops.nonCommercial.banner")} />}
      {content.tracked && !isEmpty(content) && <TrackingWarnings />}
      <AttachmentList attachments={attachments} />
      <Toolbar
        editor={body}
        disabled={previewing}
        onField={() => (inSubject ? subject : body)?.storage.field.openMenu?.()}
        onFiles={addFiles}
        onImages={(files) => void addImages(files)}
      >
        <NonCommercialSwitch
          on={content.non_commercial}
          onChange={(non_commercial) => change({ non_commercial })}
        />
        <TrackingSwitch
          allowed={trackingAllowed}
          tracked={content.tracked}
          onChange={(tracked) => change({ tracked })}
        />
      </Toolbar>
      <Footer
        blocking={blocking}
        waiting={waiting}
        sending={sending}
        undoSeconds={user.undo_window_s}
        onSend={() => void send(null)}
        onMend={mend}
        onDiscard={() => void discard()}
      >
        <ScheduleButton
          opened={scheduling}
          onOpen={setScheduling}
          disabled={!sendable}
          busy={sending}
          yourZone={user.time_zone}
          recipient={to?.time_zone ? { zone: to.time_zone, name: nameOf(to) } : null}
          onConfirm={(time, said) => void send({ time, said })}
        />
      </Footer>
    </div>
  );
}
