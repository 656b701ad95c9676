/** Defines the tables of rooms: their log, moderation, quizzes, attendance, the stage and the board. */
export const CLASSROOM: readonly string[] = [
  `create table rooms (
    lesson_id text primary key references lessons (id) on delete cascade,
    epoch text not null,
    term integer not null,
    owner text not null,
    head bigint not null
  )`,
  `create table room_entries (
    lesson_id text not null references lessons (id) on delete cascade,
    epoch text not null,
    seq bigint not null,
    at timestamptz not null,
    media_time double precision,
    id text not null,
    from_id text not null,
    from_name text not null,
    from_role text not null,
    kind text not null,
    audience text not null,
    key text,
    gone boolean not null,
    sampled boolean not null,
    body jsonb not null,
    answer jsonb,
    primary key (lesson_id, epoch, seq),
    constraint room_entries_once unique (lesson_id, from_id, id)
  )`,
  "create index room_entries_by_key on room_entries (lesson_id, key, seq desc) where key is not null",
  "create index room_entries_by_kind on room_entries (lesson_id, kind, seq desc)",
  "create index room_entries_by_time on room_entries (lesson_id, at)",
  "create index room_entries_deleted on room_entries (lesson_id, key) where (body ->> 'deleted') = 'true'",
  "create index room_entries_of_page on room_entries (lesson_id, (body ->> 'page'), seq) where kind = 'stroke'",
  `create table question_votes (
    lesson_id text not null references lessons (id) on delete cascade,
    question text not null,
    participant text not null,
    primary key (lesson_id, question, participant)
  )`,
  `create table word_lists (
    id text primary key,
    school_id text not null references schools on delete cascade deferrable,
    name text not null,
    action text not null check (action in ('mask', 'hold', 'refuse')),
    skips_signs boolean not null,
    enabled boolean not null,
    words text not null,
    word_count integer not null,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint word_lists_name unique (school_id, name)
  )`,
  `create trigger lectern_notify_text_checks after insert or update or delete on word_lists
    for each row execute function lectern_notify_text_checks()`,
  `create table content_checks (
    id text primary key,
    school_id text not null references schools on delete cascade deferrable,
    kind text not null check (kind in ('text', 'picture')),
    url text not null,
    secret text not null,
    deadline_ms integer not null,
    fallback text not null check (fallback in ('pass', 'hold', 'refuse')),
    interval_seconds integer not null,
    enabled boolean not null,
    created_at timestamptz not null default now(),
    version integer not null default 1,
    constraint content_checks_kind unique (school_id, kind)
  )`,
  `create trigger lectern_notify_text_checks after insert or update or delete on content_checks
    for each row execute function lectern_notify_text_checks()`,
  `create table quizzes (
    id text primary key,
    lesson_id text not null references lessons (id) on delete cascade,
    type text not null,
    text text not null,
    options jsonb not null,
    correct jsonb,
    state text not null,
    closes_at timestamptz,
    anonymous boolean not null,
    person_salt text,
    explanation text,
    opened_at timestamptz not null,
    closed_at timestamptz,
    revealed_at timestamptz
  )`,
  "create index quizzes_by_lesson on quizzes (lesson_id, id)",
  // Without a reference to participants: an anonymous quiz has other ids there, and ten thousand answers come within a second.
  `create table quiz_answers (
    quiz_id text not null references quizzes (id) on delete cascade,
    participant_id text not null,
    choice jsonb not null,
    answered_at timestamptz not null,
    is_correct boolean,
    primary key (quiz_id, participant_id)
  )`,
  "create index quiz_answers_by_participant on quiz_answers (participant_id)",
  `create table quiz_bank (
    id text primary key,
    school_id text not null references schools (id) on delete cascade,
    course_id text references courses (id) on delete set null,
    type text not null,
    text text not null,
    options jsonb not null,
    correct jsonb,
    explanation text,
    seconds integer,
    anonymous boolean not null,
    tags jsonb not null,
    created_at timestamptz not null default now(),
    version integer not null default 1
  )`,
  "create index quiz_bank_by_school on quiz_bank (school_id, id)",
  "create index quiz_bank_by_course on quiz_bank (course_id) where course_id is not null",
  `create table room_presence (
    lesson_id text primary key references lessons on delete cascade,
    owner text not null,
    seen_at timestamptz not null,
    version bigint not null default 0,
    reported_until timestamptz
  )`,
  `create table attendance (
    participant_id text not null references participants on delete cascade,
    from_at timestamptz not null,
    to_at timestamptz,
    lesson_id text not null references lessons on delete cascade,
    device text not null,
    present boolean not null,
    version bigint not null,
    primary key (participant_id, from_at)
  )`,
  "create index attendance_by_version on attendance (lesson_id, version)",
  "create index attendance_present on attendance (lesson_id) where present",
  `create table signin_rounds (
    id text primary key,
    lesson_id text not null references lessons on delete cascade,
    title text not null,
    code text,
    late_allowed boolean not null,
    opened_at timestamptz not null,
    closes_at timestamptz,
    closed_at timestamptz
  )`,
  "create index signin_rounds_by_lesson on signin_rounds (lesson_id, id)",
  `create table signins (
    round_id text not null references signin_rounds on delete cascade,
    participant_id text not null references participants on delete cascade,
    at timestamptz not null,
    late boolean not null,
    primary key (round_id, participant_id)
  )`,
  "create index signins_by_participant on signins (participant_id)",
  `create table stage_people (
    lesson_id text not null references lessons (id) on delete cascade,
    participant_id text not null references participants (id) on delete cascade,
    primary key (lesson_id, participant_id)
  )`,
  "create index stage_people_by_participant on stage_people (participant_id)",
  `create table board_pages (
    lesson_id text not null references lessons (id) on delete cascade,
    page text not null,
    epoch text not null,
    seq bigint not null,
    at timestamptz not null,
    operations jsonb not null,
    primary key (lesson_id, page, epoch, seq)
  )`,
  "create index board_pages_by_time on board_pages (lesson_id, page, at)",
  `create table board_tags (
    lesson_id text not null references lessons (id) on delete cascade,
    tag text not null,
    person_id text not null,
    primary key (lesson_id, tag)
  )`,
];
