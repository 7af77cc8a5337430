-- The functions behind the audit triggers. They are code: every `migrate`
-- installs them anew, and the drift check compares their bodies with this file.
-- SECURITY DEFINER: the application's role may not write history by itself.

CREATE OR REPLACE FUNCTION public.audit_operation_of(context jsonb) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $audit$
BEGIN
    -- Written with the first change, so an operation that changes nothing leaves nothing.
    IF current_setting('audit.written', true) IS DISTINCT FROM context->>'id' THEN
        INSERT INTO audit_operation (
            id, name, actor_id, actor_name, on_behalf_of, reason, channel, request_id, subject, at
        ) VALUES (
            (context->>'id')::uuid, context->>'name', context->>'actor_id',
            context->>'actor_name', context->>'on_behalf_of', context->>'reason',
            context->>'channel', context->>'request_id', context->>'subject', clock_timestamp()
        ) ON CONFLICT DO NOTHING;
        PERFORM set_config('audit.written', context->>'id', true);
    END IF;
    RETURN (context->>'id')::uuid;
END
$audit$;

-- Arguments: history table, columns never copied, columns whose change alone is no event.
CREATE OR REPLACE FUNCTION public.audit_capture() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $audit$
DECLARE
    context jsonb := nullif(current_setting('audit.operation', true), '')::jsonb;
    before jsonb;
    after jsonb;
BEGIN
    IF TG_OP <> 'INSERT' THEN before := to_jsonb(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN after := to_jsonb(NEW); END IF;
    IF TG_OP = 'UPDATE' AND before - TG_ARGV[2]::text[] = after - TG_ARGV[2]::text[] THEN
        RETURN NULL;
    END IF;
    IF context IS NULL THEN
        RAISE EXCEPTION '% on % outside an operation', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege',
                  HINT = 'open one: with audit.operations.operation(...)';
    END IF;
    -- Asked here, since the call costs more than the answer.
    IF current_setting('audit.written', true) IS DISTINCT FROM context->>'id' THEN
        PERFORM audit_operation_of(context);
    END IF;
    EXECUTE format(
        'INSERT INTO %1$I SELECT * FROM jsonb_populate_record(NULL::%1$I, $1)', TG_ARGV[0]
    ) USING (coalesce(after, before) - TG_ARGV[1]::text[]) || jsonb_build_object(
        'history_id', nextval(pg_get_serial_sequence(quote_ident(TG_ARGV[0]), 'history_id')),
        'history_type', CASE TG_OP WHEN 'INSERT' THEN '+' WHEN 'UPDATE' THEN '~' ELSE '-' END,
        'history_date', clock_timestamp(),
        'history_user_id', context->>'actor_id',
        'history_change_reason', nullif(context->>'reason', ''),
        'operation_id', context->>'id'
    );
    RETURN NULL;
END
$audit$;

-- On a history table. Arguments: the tracked table, its primary key's column.
CREATE OR REPLACE FUNCTION public.audit_to_inbox() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $audit$
DECLARE
    copied jsonb := to_jsonb(NEW);
BEGIN
    INSERT INTO audit_inbox (at, tbl, op, pk, operation_id, db_user, txid, payload)
    VALUES (
        NEW.history_date, TG_ARGV[0], NEW.history_type, copied->>TG_ARGV[1], NEW.operation_id,
        session_user, pg_current_xact_id()::text::bigint, copied::text
    );
    RETURN NULL;
END
$audit$;

-- The two above for a whole statement: one INSERT … SELECT instead of two for each row.
-- Arguments: history table, primary key's column, columns never copied, columns whose change
-- alone is no event. A row whose primary key changed has no old row, and is a change.
CREATE OR REPLACE FUNCTION public.audit_capture_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $audit$
DECLARE
    context jsonb := nullif(current_setting('audit.operation', true), '')::jsonb;
    changed text;
    written bigint;
    into_columns text;
    from_columns text;
BEGIN
    -- Rows are compared as they are stored: jsonb of every row would cost as much as its history.
    IF TG_OP = 'UPDATE' THEN
        SELECT format(
            'new_rows r LEFT JOIN old_rows o ON o.%1$I = r.%1$I WHERE o.%1$I IS NULL'
            ' OR ROW(%2$s)::record *<> ROW(%3$s)::record',
            TG_ARGV[1],
            string_agg(format('o.%I', attname), ', ' ORDER BY attnum),
            string_agg(format('r.%I', attname), ', ' ORDER BY attnum)
        ) INTO changed FROM pg_attribute
         WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped
           AND attname <> ALL (TG_ARGV[3]::text[]);
    ELSE
        changed := CASE TG_OP WHEN 'INSERT' THEN 'new_rows r' ELSE 'old_rows r' END;
    END IF;
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY a.attnum),
           string_agg('r.' || quote_ident(attname), ', ' ORDER BY a.attnum)
      INTO into_columns, from_columns
      FROM pg_attribute a JOIN pg_attribute h USING (attname)
     WHERE a.attrelid = TG_RELID AND a.attnum > 0 AND NOT a.attisdropped
       AND h.attrelid = format('public.%I', TG_ARGV[0])::regclass AND NOT h.attisdropped
       AND attname <> ALL (TG_ARGV[2]::text[]);
    EXECUTE format(
        'INSERT INTO %1$I (%2$s, history_type, history_date, history_user_id,'
        ' history_change_reason, operation_id)'
        ' SELECT %3$s, $1, clock_timestamp(), $2, $3, $4 FROM %4$s',
        TG_ARGV[0], into_columns, from_columns, changed
    ) USING CASE TG_OP WHEN 'INSERT' THEN '+' WHEN 'UPDATE' THEN '~' ELSE '-' END,
        context->>'actor_id', nullif(context->>'reason', ''), (context->>'id')::uuid;
    -- Asked afterwards: to ask first whether anything changed would compare every row twice.
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written = 0 THEN
        RETURN NULL;
    END IF;
    IF context IS NULL THEN
        RAISE EXCEPTION '% on % outside an operation', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege',
                  HINT = 'open one: with audit.operations.operation(...)';
    END IF;
    IF current_setting('audit.written', true) IS DISTINCT FROM context->>'id' THEN
        PERFORM audit_operation_of(context);
    END IF;
    RETURN NULL;
END
$audit$;

CREATE OR REPLACE FUNCTION public.audit_to_inbox_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $audit$
BEGIN
    -- row_to_json and to_jsonb say the same; the first takes half the time, and what reads
    -- a payload reads it as jsonb.
    EXECUTE format(
        'INSERT INTO audit_inbox (at, tbl, op, pk, operation_id, db_user, txid, payload)'
        ' SELECT r.history_date, $1, r.history_type, r.%I::text, r.operation_id, session_user,'
        ' pg_current_xact_id()::text::bigint, row_to_json(r)::text'
        ' FROM new_rows r ORDER BY r.history_id', TG_ARGV[1]
    ) USING TG_ARGV[0];
    RETURN NULL;
END
$audit$;

-- On a table of another package: an event, with or without an operation.
-- Arguments: primary key's column, columns never copied, columns whose change alone is no event.
CREATE OR REPLACE FUNCTION public.audit_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $audit$
DECLARE
    context jsonb := nullif(current_setting('audit.operation', true), '')::jsonb;
    before jsonb;
    after jsonb;
BEGIN
    IF TG_OP <> 'INSERT' THEN before := to_jsonb(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN after := to_jsonb(NEW); END IF;
    IF TG_OP = 'UPDATE' AND before - TG_ARGV[2]::text[] = after - TG_ARGV[2]::text[] THEN
        RETURN NULL;
    END IF;
    INSERT INTO audit_inbox (at, tbl, op, pk, operation_id, db_user, txid, payload)
    VALUES (
        clock_timestamp(), TG_TABLE_NAME,
        CASE TG_OP WHEN 'INSERT' THEN '+' WHEN 'UPDATE' THEN '~' ELSE '-' END,
        coalesce(after, before)->>TG_ARGV[0],
        CASE WHEN context IS NULL THEN NULL ELSE audit_operation_of(context) END,
        session_user, pg_current_xact_id()::text::bigint,
        (coalesce(after, before) - TG_ARGV[1]::text[])::text
    );
    RETURN NULL;
END
$audit$;

CREATE OR REPLACE FUNCTION public.audit_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $audit$
BEGIN
    RAISE EXCEPTION '% on % is refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0]
        USING ERRCODE = 'insufficient_privilege';
END
$audit$;

-- For columns whose change alone is no event: whoever changes them says at least who they are.
CREATE OR REPLACE FUNCTION public.audit_need_operation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $audit$
BEGIN
    IF nullif(current_setting('audit.operation', true), '') IS NULL THEN
        RAISE EXCEPTION '% on % outside an operation', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege',
                  HINT = 'open one: with audit.operations.operation(...)';
    END IF;
    RETURN NULL;
END
$audit$;

-- For rows that are frozen but hold what must be erased in time. Arguments: why the row is
-- frozen, its jsonb columns of values by key, the operation that erases. Let through is only
-- that some values become {"erased": "<day>"} in that operation: no key comes or goes, no
-- erased value comes back, and no other column changes.
CREATE OR REPLACE FUNCTION public.audit_refuse_unless_erased() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $audit$
DECLARE
    context jsonb := nullif(current_setting('audit.operation', true), '')::jsonb;
    columns text[] := TG_ARGV[1]::text[];
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
    col text;
    allowed boolean := context->>'name' IS NOT DISTINCT FROM TG_ARGV[2]
        AND before - columns = after - columns;
BEGIN
    FOREACH col IN ARRAY columns LOOP
        -- Nested, since jsonb_each fails on anything but an object.
        IF allowed AND jsonb_typeof(before->col) = 'object' AND jsonb_typeof(after->col) = 'object'
        THEN
            allowed := NOT EXISTS (
                SELECT FROM jsonb_each(before->col) o FULL JOIN jsonb_each(after->col) n USING (key)
                 WHERE o.value IS DISTINCT FROM n.value
                   AND (o.value IS NULL OR n.value IS NULL
                        OR o.value::text ~ '^\{"erased": "[^"]*"\}$'
                        OR n.value::text !~ '^\{"erased": "\d{4}-\d{2}-\d{2}"\}$')
            );
        ELSE
            allowed := false;
        END IF;
    END LOOP;
    IF allowed THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % is refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0]
        USING ERRCODE = 'insufficient_privilege';
END
$audit$;

-- Whoever may run these as a trigger function could write any history table.
REVOKE EXECUTE ON FUNCTION public.audit_operation_of(jsonb), public.audit_capture(),
    public.audit_to_inbox(), public.audit_capture_rows(), public.audit_to_inbox_rows(),
    public.audit_event(), public.audit_refuse(), public.audit_need_operation(),
    public.audit_refuse_unless_erased() FROM PUBLIC;
