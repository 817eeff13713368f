-- People who read pages in a browser, their one-time links and their sessions (decision 59).
--
-- Of a link and of a session only the SHA-256 is stored. The service opens, reads and ends sessions through the functions
-- below and in no other way. It can make no person, and no link: that is the owner's.

create table ledger.persons (
    id text primary key,                   -- the principal of a line in the access log
    name text not null unique,
    organisation text not null,            -- its name, as pages show it
    namespace text not null,               -- nobody reads pages for every organisation
    roles text[] not null,
    authorities text[],
    trial boolean not null,                -- made up: a trial's visitor may be each of them
    ended_at timestamptz
);
comment on table ledger.persons is 'Who may sign in to pages, and what they may see.';

create table ledger.sign_in_links (
    token_hash bytea primary key,
    expires_at timestamptz not null,
    used_at timestamptz
);
comment on table ledger.sign_in_links is 'Links that open one session each.';

create table ledger.sessions (
    token_hash bytea primary key,
    person text not null references ledger.persons,
    purpose text,
    purpose_at timestamptz,
    begun_at timestamptz not null,
    used_at timestamptz not null,
    ended_at timestamptz
);
comment on table ledger.sessions is 'Sessions of browsers: 30 minutes idle, 12 hours in all.';

create function ledger.session_is_live(p_session ledger.sessions) returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select p_session.ended_at is null
        and p_session.used_at > clock_timestamp() - interval '30 minutes'
        and p_session.begun_at > clock_timestamp() - interval '12 hours'
$$;

-- The link is good once. A live session stands for a link, and ends with it: a trial's visitor may become another person.
create function ledger.open_session(p_by bytea, p_person text, p_session bytea) returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    opened boolean;
begin
    if not exists (select from ledger.persons p where p.id = p_person and p.trial and p.ended_at is null) then
        return false;
    end if;
    update ledger.sign_in_links l set used_at = clock_timestamp()
    where l.token_hash = p_by and l.used_at is null and l.expires_at > clock_timestamp();
    opened := found;
    if not opened then
        update ledger.sessions s set ended_at = clock_timestamp()
        where s.token_hash = p_by and ledger.session_is_live(s)
            and exists (select from ledger.persons p where p.id = s.person and p.trial and p.ended_at is null);
        opened := found;
    end if;
    if opened then
        delete from ledger.sessions s where s.begun_at < clock_timestamp() - interval '12 hours';
        delete from ledger.sign_in_links l where l.expires_at < clock_timestamp() - interval '12 hours';
        insert into ledger.sessions (token_hash, person, begun_at, used_at)
        values (p_session, p_person, clock_timestamp(), clock_timestamp());
    end if;
    return opened;
end $$;
comment on function ledger.open_session is 'Open a session by a link that is good, or by a session of the trial.';

create function ledger.link_is_good(p_link bytea) returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select exists (select from ledger.sign_in_links l
        where l.token_hash = p_link and l.used_at is null and l.expires_at > clock_timestamp())
$$;
comment on function ledger.link_is_good is 'Whether a link would open a session now.';

-- Looking at a page is what keeps a session from being idle.
create function ledger.use_session(p_session bytea)
returns table (id text, name text, organisation text, namespace text, roles text[], authorities text[],
    trial boolean, purpose text, ends_at timestamptz)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    update ledger.sessions s set used_at = clock_timestamp()
    where s.token_hash = p_session and ledger.session_is_live(s)
        and s.used_at < clock_timestamp() - interval '30 seconds';
    return query
        select p.id, p.name, p.organisation, p.namespace, p.roles, p.authorities, p.trial,
            case when s.purpose_at > clock_timestamp() - interval '8 hours' then s.purpose end,
            s.begun_at + interval '12 hours'
        from ledger.sessions s join ledger.persons p on p.id = s.person
        where s.token_hash = p_session and ledger.session_is_live(s) and p.ended_at is null;
end $$;
comment on function ledger.use_session is 'Who reads in a session that is live; nothing otherwise. A purpose lasts 8 hours.';

create function ledger.set_session_purpose(p_session bytea, p_purpose text) returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update ledger.sessions s set purpose = p_purpose, purpose_at = clock_timestamp()
    where s.token_hash = p_session and ledger.session_is_live(s);
    return found;
end $$;
comment on function ledger.set_session_purpose is 'Why the person reads from now on.';

create function ledger.end_session(p_session bytea) returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update ledger.sessions s set ended_at = clock_timestamp()
    where s.token_hash = p_session and ledger.session_is_live(s);
    return found;
end $$;
comment on function ledger.end_session is 'Sign out.';

revoke all on ledger.persons, ledger.sign_in_links, ledger.sessions from public;
revoke all on function ledger.session_is_live, ledger.open_session, ledger.link_is_good, ledger.use_session,
    ledger.set_session_purpose, ledger.end_session from public;
grant select on ledger.persons to ledger_service;
grant execute on function ledger.open_session, ledger.link_is_good, ledger.use_session, ledger.set_session_purpose,
    ledger.end_session to ledger_service;
