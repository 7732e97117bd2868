import { answer, api, ifMatch } from "../api/client";
import type {
  Attachment,
  DynamicFields,
  EmailAction,
  EmailDetails,
  EmailRow,
  Person,
  Preview,
} from "../api/types";
import { asBody, type DraftContent } from "./content";
import type { Answered } from "./open";

const at = (id: string) => ({ params: { path: { id } } });
const edit = (id: string, version: number) => ({ params: { path: { id }, header: ifMatch(version) } });

export const readEmail = (id: string) => answer<EmailDetails>(api.GET("/emails/{id}", at(id)));

export const createDraft = (content: DraftContent) =>
  answer<EmailDetails>(api.POST("/emails", { body: asBody(content) }));

export const createFollowUp = (of: string) =>
  answer<EmailDetails>(api.POST("/emails", { body: { follow_up_of: of } }));

export const createCopy = (of: string) =>
  answer<EmailDetails>(api.POST("/emails", { body: { copy_of: of } }));

export const createReply = (to: Answered) =>
  answer<EmailDetails>(
    api.POST("/emails", { body: "received" in to ? { reply_to: to.received } : { reply_of: to.email } }),
  );

/** `keepalive` lets the request outlive the page. */
export const updateDraft = (id: string, version: number, content: DraftContent, keepalive = false) =>
  answer<EmailDetails>(api.PATCH("/emails/{id}", { ...edit(id, version), body: asBody(content), keepalive }));

export const sendEmail = (id: string, version: number, when: Date | null) =>
  answer<{ email: EmailRow; action: EmailAction }>(
    api.POST("/emails/{id}/sending", { ...edit(id, version), body: when ? { at: when.toISOString() } : {} }),
  );

export const deleteEmail = (id: string) =>
  answer<EmailAction>(api.POST("/email-actions", { body: { action: "delete", email_ids: [id] } }));

export const previewEmail = (id: string, personId: string | null) =>
  answer<Preview>(
    api.POST("/emails/{id}/preview", { ...at(id), body: personId ? { person_id: personId } : {} }),
  );

export const fetchFields = () => answer<DynamicFields>(api.GET("/dynamic-fields"));

export const searchPeople = (q: string, signal: AbortSignal) =>
  answer<{ items: Person[] }>(api.GET("/people", { params: { query: { q, limit: 8 } }, signal }));

export const readPerson = (id: string) => answer<Person>(api.GET("/people/{id}", at(id)));

export const createPerson = (person: { address: string; first_name?: string; last_name?: string }) =>
  answer<Person>(api.POST("/people", { body: person }));

export const uploadFile = (id: string, file: File, inline: boolean) => {
  const form = new FormData();
  form.append("file", file);
  return answer<Attachment>(
    api.POST("/emails/{id}/attachments", {
      params: { path: { id }, query: inline ? { inline: true } : {} },
      // The description of the API calls a file a string; what is sent is the form.
      body: { file: file.name },
      bodySerializer: () => form,
    }),
  );
};

export const removeFile = (id: string, attachmentId: string) =>
  answer<void>(
    api.DELETE("/emails/{id}/attachments/{attachment_id}", {
      params: { path: { id, attachment_id: attachmentId } },
    }),
  );
