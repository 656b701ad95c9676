/** Defines the tables of what feeds and guards streams: ladders, sources, forwards, cameras, policies, lists of addresses, refusals. */
export const STREAMS: readonly string[] = [
  `create table ladders (
    id text primary key,
    school_id text not null references schools on delete cascade deferrable,
    name text not null,
    rungs jsonb not null,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint ladders_name unique (school_id, name)
  )`,
  `create table sources (
    id text primary key,
    school_id text references schools on delete cascade deferrable,
    lesson_id text constraint sources_lesson unique references lessons on delete cascade deferrable,
    title text not null,
    app text,
    name text constraint sources_name unique,
    secret_addresses text not null,
    start text not null check (start in ('demand', 'always')),
    enabled boolean not null,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint sources_stream check ((lesson_id is null) = (app is not null) and (lesson_id is null) = (name is not null))
  )`,
  "create index sources_by_school on sources (school_id, id)",
  `create trigger lectern_notify_jobs after insert or update or delete on sources
    for each statement execute function lectern_notify_jobs()`,
  `create table forwards (
    id text primary key,
    lesson_id text not null references lessons on delete cascade deferrable,
    title text not null,
    secret_url text not null,
    enabled boolean not null,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create index forwards_by_lesson on forwards (lesson_id, id)",
  `create trigger lectern_notify_jobs after insert or update or delete on forwards
    for each statement execute function lectern_notify_jobs()`,
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
  `create table policies (
    id text primary key,
    school_id text references schools on delete cascade deferrable,
    level text not null check (level in ('installation', 'school', 'course', 'lesson', 'stream', 'recording')),
    target_id text not null,
    course_id text references courses on delete cascade deferrable,
    lesson_id text references lessons on delete cascade deferrable,
    recording_id text references recordings on delete cascade deferrable,
    rules jsonb not null,
    bytes integer not null,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint policies_target unique (level, target_id),
    constraint policies_place check (
      (level = 'installation') = (target_id = '')
      and (level <> 'school' or school_id = target_id)
      and (level not in ('course', 'lesson') or school_id is not null)
      and (level not in ('installation', 'stream') or school_id is null)
      and course_id is not distinct from (case level when 'course' then target_id end)
      and lesson_id is not distinct from (case level when 'lesson' then target_id end)
      and recording_id is not distinct from (case level when 'recording' then target_id end)
    )
  )`,
  "create index policies_by_school on policies (school_id, id)",
  "create index policies_by_course on policies (course_id) where course_id is not null",
  "create index policies_by_lesson on policies (lesson_id) where lesson_id is not null",
  "create index policies_by_recording on policies (recording_id) where recording_id is not null",
  `create table address_lists (
    id text primary key,
    school_id text references schools on delete cascade deferrable,
    name text not null,
    source text not null check (source in ('entries', 'url', 'file')),
    secret_url text,
    file text,
    refresh_seconds integer,
    entries integer not null default 0,
    ranges integer not null default 0,
    mistakes jsonb not null default '[]',
    mistake_count integer not null default 0,
    content_version integer not null default 0,
    claimed_version integer not null default 0,
    content_hash text,
    content_at timestamptz,
    validators jsonb not null default '{}',
    last_fetched_at timestamptz,
    next_fetch_at timestamptz,
    last_error jsonb,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint address_lists_source check (
      (source = 'url') = (secret_url is not null)
      and (source = 'url') = (refresh_seconds is not null)
      and (source = 'file') = (file is not null)
    )
  )`,
  "create unique index address_lists_name on address_lists (coalesce(school_id, ''), name)",
  "create index address_lists_by_fetch on address_lists (next_fetch_at) where next_fetch_at is not null",
  `create table address_list_parts (
    list_id text not null references address_lists on delete cascade deferrable,
    version integer not null,
    kind text not null check (kind in ('compiled', 'text')),
    n integer not null,
    bytes bytea not null check (octet_length(bytes) <= 262144),
    primary key (list_id, version, kind, n)
  )`,
  // Neither compiled lists nor compressed text become smaller.
  "alter table address_list_parts alter column bytes set storage external",
  `create table link_keys (
    id text primary key,
    school_id text references schools on delete cascade deferrable,
    name text not null,
    scheme text not null check (scheme in ('upyun', 'aliyun-a', 'aliyun-b', 'aliyun-c', 'tencent', 'nginx')),
    secret text not null,
    valid_seconds integer not null check (valid_seconds >= 0),
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create unique index link_keys_name on link_keys (coalesce(school_id, ''), name)",
  "create index link_keys_by_school on link_keys (school_id, id)",
  `create table refusal_counts (
    minute timestamptz not null,
    school_id text references schools on delete cascade deferrable,
    code text not null,
    rule text,
    source text,
    dry_run boolean not null,
    count integer not null,
    constraint refusal_counts_kind unique nulls not distinct (minute, school_id, code, rule, source, dry_run)
  )`,
  "create index refusal_counts_by_school on refusal_counts (school_id, minute)",
  `create table refused_requests (
    id text primary key,
    at timestamptz not null,
    school_id text references schools on delete cascade deferrable,
    target text not null,
    action text not null,
    protocol text not null,
    ip text not null,
    code text not null,
    rule text,
    source text,
    about text,
    dry_run boolean not null
  )`,
  "create index refused_requests_by_school on refused_requests (school_id, id)",
  `create table solved_challenges (
    id text primary key,
    expires_at timestamptz not null
  )`,
  "create index solved_challenges_by_expiry on solved_challenges (expires_at)",
  `create table exemptions (
    id text primary key,
    network text not null unique,
    note text not null,
    until timestamptz,
    created_by text not null,
    created_at timestamptz not null default now()
  )`,
];
