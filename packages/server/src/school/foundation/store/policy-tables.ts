/** Defines types of the tables of policies and lists of addresses, for Kysely. */
import type { ColumnType, Generated, Selectable } from "kysely";
import type { PolicyLevel, PolicyRule } from "../../../access/policies/access-policy.ts";
import type { Text } from "../../../platform/messages/message.ts";
import type { Created, Instant, Json, MaybeInstant } from "./column-types.ts";
import { LINK_KEY_PRIVACY, type LinkKeyTables } from "./link-key-tables.ts";
import type { PrivacyOf } from "./privacy.ts";

/** Null where an insert does not name it. */
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>;

export type PolicyTable = {
  readonly id: string;
  /** Null for the installation, and for streams and recordings that belong to no school. */
  readonly school_id: string | null;
  readonly level: PolicyLevel;
  /** As `PolicyTarget.id`. */
  readonly target_id: string;
  /** The target again, where it is one of these: the policy is deleted with it. */
  readonly course_id: string | null;
  readonly lesson_id: string | null;
  readonly recording_id: string | null;
  rules: Json<readonly PolicyRule[]>;
  /** Of the rules, as JSON. */
  bytes: number;
  created_at: Created;
  version: Generated<number>;
};

export const LIST_SOURCES = ["entries", "url", "file"] as const;
/** entries: uploaded through the API. url: fetched again and again. file: of the control process's machine. */
export type ListSource = (typeof LIST_SOURCES)[number];

/** A line that is neither an address, nor a network, nor a comment. */
export type ListLineError = { readonly line: number; readonly text: string };

/** By what a fetch recognizes that nothing has changed: headers of the last answer, or the last state of the file. */
export type ListValidators = { readonly etag?: string; readonly lastModified?: string; readonly file?: string };

export type AddressListTable = {
  readonly id: string;
  /** Null: the operator's. */
  readonly school_id: string | null;
  name: string;
  readonly source: ListSource;
  /** The address with its token; encrypted (`stored-secrets.ts`). Only of source `url`. */
  secret_url: string | null;
  /** An absolute path. Only of source `file`. */
  file: string | null;
  /** Only of source `url`. */
  refresh_seconds: number | null;
  entries: Generated<number>;
  ranges: Generated<number>;
  mistakes: Generated<readonly ListLineError[]>;
  mistake_count: Generated<number>;
  /** Of the parts that hold now; 0: there is no content yet. */
  content_version: Generated<number>;
  /** The greatest that somebody has begun to write. */
  claimed_version: Generated<number>;
  /** SHA-256 of the compiled content. */
  content_hash: Maybe<string>;
  content_at: MaybeInstant;
  validators: Generated<ListValidators>;
  last_fetched_at: MaybeInstant;
  /** Null: it is not fetched. */
  next_fetch_at: MaybeInstant;
  last_error: Maybe<Text>;
  created_at: Created;
  version: Generated<number>;
};

export type PartKind = "compiled" | "text";

/** A piece of the compiled content, or of the uploaded text: each part of that is a member of gzip (RFC 1952). */
export type AddressListPartTable = {
  readonly list_id: string;
  readonly version: number;
  readonly kind: PartKind;
  readonly n: number;
  readonly bytes: Uint8Array;
};

/** An upload of a list's text that arrives in parts. */
export type ListUploadTable = {
  readonly id: string;
  readonly list_id: string;
  /** Bytes; what PostgreSQL gives is a text. */
  readonly size: ColumnType<string, number, never>;
  uploaded: ColumnType<string, number | undefined, number>;
  /** Of `list_upload_parts`. */
  parts: Generated<number>;
  /** When the list had its content of it. */
  done_at: MaybeInstant;
  /** It is deleted then, unless a further part arrives before. */
  expires_at: Instant;
};

/** Text, compressed: a member of gzip (RFC 1952). */
export type ListUploadPartTable = {
  readonly upload_id: string;
  readonly n: number;
  readonly bytes: Uint8Array;
};

/** How often a refusal of one kind happened in one minute. */
export type RefusalCountTable = {
  readonly minute: Date;
  /** Null: of no school, or of what is not there. */
  readonly school_id: string | null;
  readonly code: string;
  readonly rule: string | null;
  readonly source: string | null;
  readonly dry_run: boolean;
  count: number;
};

export type RefusedRequestTable = {
  readonly id: string;
  readonly at: Date;
  readonly school_id: string | null;
  readonly target: string;
  readonly action: string;
  readonly protocol: string;
  readonly ip: string;
  readonly code: string;
  readonly rule: string | null;
  readonly source: string | null;
  readonly about: string | null;
  readonly dry_run: boolean;
};

export type PolicyTables = LinkKeyTables & {
  refusal_counts: RefusalCountTable;
  refused_requests: RefusedRequestTable;
  policies: PolicyTable;
  address_lists: AddressListTable;
  address_list_parts: AddressListPartTable;
  list_uploads: ListUploadTable;
  list_upload_parts: ListUploadPartTable;
};

export type PolicyRow = Selectable<PolicyTable>;
export type RefusedRequestRow = Selectable<RefusedRequestTable>;
export type ListUpload = Selectable<ListUploadTable>;
export type AddressList = Selectable<AddressListTable>;

export const POLICY_PRIVACY = {
  ...LINK_KEY_PRIVACY,
  refusal_counts: { erasure: "figures", atRest: "figures" },
  refused_requests: {
    erasure: "refusals",
    atRest: {
      target: "figures",
      action: "figures",
      protocol: "figures",
      ip: "personal",
      code: "figures",
      rule: "figures",
      source: "figures",
      about: "figures",
    },
  },
  policies: { erasure: "school", atRest: "school" },
  address_lists: { erasure: "school", atRest: "school" },
  address_list_parts: { erasure: "school", atRest: "figures" },
  list_uploads: { erasure: "school", atRest: "figures" },
  list_upload_parts: { erasure: "school", atRest: "figures" },
} as const satisfies PrivacyOf<PolicyTables>;
