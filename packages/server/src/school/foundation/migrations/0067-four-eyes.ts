/** Adds acts of a school that a second person approves. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `alter table schools
    add column four_eyes_erase boolean not null default false,
    add column four_eyes_publish boolean not null default false,
    add column four_eyes_entry boolean not null default false`,
  // Whether guests may watch it where publishing outside the school needs approval.
  "alter table recordings add column outside_approved boolean not null default false",
  `create table approvals (
    id text primary key,
    school_id text not null references schools(id) on delete cascade deferrable,
    act text not null check (act in ('erase-person', 'erase-guest', 'publish-recording', 'operator-entry', 'turn-off')),
    target_kind text not null,
    target_id text not null,
    params jsonb not null,
    object_state text not null,
    reason text not null default '',
    state text not null default 'waiting' check (state in ('waiting', 'done', 'refused', 'withdrawn', 'outdated')),
    asked_kind text not null check (asked_kind in ('user', 'token')),
    asked_by text references users(id) on delete set null deferrable,
    asked_role text not null,
    decided_by text references users(id) on delete set null deferrable,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    decided_at timestamptz,
    ends_at timestamptz,
    version integer not null default 1
  )`,
  "create index approvals_school on approvals (school_id, id)",
  "create index approvals_waiting on approvals (school_id, expires_at) where state = 'waiting'",
  "create index approvals_entries on approvals (school_id, ends_at) where ends_at is not null",
  "create index approvals_asked_by on approvals (asked_by)",
  "create index approvals_decided_by on approvals (decided_by)",
  // Who made or changed the account of a person who decides.
  "create index audit_actor on audit (actor_id, at)",
];

export const migration: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
