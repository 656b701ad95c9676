/** Adds teaching materials, the texts of their pages, and which lessons they are used in. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  `create table materials (
    id text primary key,
    school_id text not null references schools (id) on delete cascade,
    owner_id text references users (id) on delete set null,
    title text not null,
    filename text not null,
    size bigint not null,
    uploaded bigint not null default 0,
    kind text,
    state text not null,
    problem text,
    notices jsonb not null,
    pages integer not null default 0,
    total integer,
    width integer,
    height integer,
    picture_bytes bigint not null default 0,
    node text,
    term integer not null default 0,
    tries integer not null default 0,
    worker text,
    lease_until timestamptz,
    waiting_since timestamptz,
    deleted_at timestamptz,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create index materials_by_school on materials (school_id, id)",
  "create index materials_by_owner on materials (owner_id) where owner_id is not null",
  "create index materials_in_work on materials (state) where state in ('uploading', 'waiting', 'converting') or deleted_at is not null",
  `create table material_pages (
    material_id text not null references materials (id) on delete cascade,
    n integer not null,
    text text not null,
    notes text not null,
    width integer not null,
    height integer not null,
    primary key (material_id, n)
  )`,
  `create table lesson_materials (
    lesson_id text not null references lessons (id) on delete cascade,
    material_id text not null references materials (id) on delete cascade,
    opened_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (lesson_id, material_id)
  )`,
  "create index lesson_materials_by_material on lesson_materials (material_id)",
];

export const materials: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
