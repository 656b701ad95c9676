/** Adds the accounts of cameras and recorders that register by GB/T 28181, and what is known of them. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table camera_devices (
    id text primary key,
    school_id text references schools on delete cascade deferrable,
    code text not null constraint camera_devices_code unique,
    title text not null,
    secret_password text not null,
    transport text not null check (transport in ('udp', 'tcp-passive', 'tcp-active')),
    enabled boolean not null,
    online_until timestamptz,
    host text,
    model text,
    channels jsonb not null,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create index camera_devices_by_school on camera_devices (school_id, id)",
];

export const cameraDevices: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
