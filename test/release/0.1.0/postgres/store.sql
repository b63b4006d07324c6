-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE FUNCTION public.audit_keep() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
      begin
        if old.seq > coalesce((select max(seq) from audit_checkpoints where cut = 1), 0) then
          raise exception 'audit events are neither changed nor removed';
        end if;
        return old;
      end $$;


CREATE FUNCTION public.audit_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
      begin raise exception 'audit events are neither changed nor removed'; end $$;


SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public.anomalies (
    investigation_id text NOT NULL,
    anomaly_id text NOT NULL,
    seq integer NOT NULL,
    anomaly_type text NOT NULL,
    severity text NOT NULL,
    published integer DEFAULT 0 NOT NULL,
    body_json text NOT NULL,
    facts_json text
);


CREATE TABLE public.audit_checkpoints (
    id text NOT NULL,
    seq bigint NOT NULL,
    event_id text NOT NULL,
    hash text NOT NULL,
    at bigint NOT NULL,
    cut integer NOT NULL,
    key_id text NOT NULL,
    signature text NOT NULL
);


CREATE TABLE public.audit_events (
    seq bigint NOT NULL,
    id text NOT NULL,
    "timestamp" bigint NOT NULL,
    event_type text NOT NULL,
    severity text NOT NULL,
    message text NOT NULL,
    user_id text,
    user_email text,
    success integer NOT NULL,
    error_code text,
    resource_type text,
    resource_id text,
    ip_address text,
    user_agent text,
    request_id text,
    details_json text,
    prev_hash text NOT NULL,
    hash text NOT NULL
);


CREATE TABLE public.audit_head (
    one integer NOT NULL,
    seq bigint NOT NULL,
    event_id text NOT NULL,
    hash text NOT NULL,
    CONSTRAINT audit_head_one_check CHECK ((one = 1))
);


CREATE TABLE public.audit_outbox (
    id text NOT NULL,
    at bigint NOT NULL,
    event_json text NOT NULL
);


CREATE TABLE public.audit_upkeep (
    task text NOT NULL,
    ran_at bigint NOT NULL
);


CREATE TABLE public.chat_messages (
    seq bigint NOT NULL,
    id text NOT NULL,
    session_id text,
    stream_id text,
    author text,
    role text NOT NULL,
    content text NOT NULL,
    content_at text,
    state text NOT NULL,
    agent_id text,
    provider text,
    model text,
    usage_json text,
    created_at bigint NOT NULL,
    replaces_seq bigint
);


CREATE SEQUENCE public.chat_messages_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE public.chat_messages_seq_seq OWNED BY public.chat_messages.seq;


CREATE TABLE public.chat_sessions (
    id text NOT NULL,
    owner text NOT NULL,
    title text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    channel text DEFAULT ''::text NOT NULL
);


CREATE TABLE public.dataset_chunks (
    dataset_id text NOT NULL,
    part integer NOT NULL,
    seq integer NOT NULL,
    bytes bytea NOT NULL
);


CREATE TABLE public.datasets (
    id text NOT NULL,
    name text NOT NULL,
    owner text,
    state text NOT NULL,
    synthetic integer DEFAULT 0 NOT NULL,
    rows bigint DEFAULT 0 NOT NULL,
    rejected bigint DEFAULT 0 NOT NULL,
    bytes bigint DEFAULT 0 NOT NULL,
    columns_json text DEFAULT '{}'::text NOT NULL,
    warnings_json text DEFAULT '[]'::text NOT NULL,
    rejects_json text DEFAULT '[]'::text NOT NULL,
    created_at bigint NOT NULL,
    lines integer DEFAULT 0 NOT NULL,
    merged integer DEFAULT 0 NOT NULL,
    currencies_json text DEFAULT '{}'::text NOT NULL,
    source_json text DEFAULT 'null'::text NOT NULL,
    unmapped_json text DEFAULT '[]'::text NOT NULL
);


CREATE TABLE public.finding_reviews (
    investigation_id text NOT NULL,
    anomaly_id text NOT NULL,
    verdict text NOT NULL,
    note text NOT NULL,
    reviewer text NOT NULL,
    reviewed_at text NOT NULL
);


CREATE TABLE public.investigations (
    id text NOT NULL,
    stream_id text NOT NULL,
    owner text NOT NULL,
    query text NOT NULL,
    request_json text NOT NULL,
    status text NOT NULL,
    dataset_id text,
    progress double precision DEFAULT 0 NOT NULL,
    phase text,
    records_processed bigint DEFAULT 0 NOT NULL,
    records_total bigint DEFAULT 0 NOT NULL,
    anomalies_detected bigint DEFAULT 0 NOT NULL,
    checkpoint_json text DEFAULT '{}'::text NOT NULL,
    summary_json text,
    created_at bigint NOT NULL,
    started_at bigint,
    ended_at bigint
);


CREATE TABLE public.kysely_migration (
    name character varying(255) NOT NULL,
    "timestamp" character varying(255) NOT NULL
);


CREATE TABLE public.kysely_migration_lock (
    id character varying(255) NOT NULL,
    is_locked integer DEFAULT 0 NOT NULL
);


CREATE TABLE public.login_failures (
    id bigint NOT NULL,
    username text NOT NULL,
    address text NOT NULL,
    at bigint NOT NULL
);


CREATE SEQUENCE public.login_failures_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE public.login_failures_id_seq OWNED BY public.login_failures.id;


CREATE TABLE public.models (
    id bigint NOT NULL,
    owner text NOT NULL,
    name text NOT NULL,
    provider text NOT NULL,
    model_id text NOT NULL,
    created_at bigint NOT NULL
);


CREATE SEQUENCE public.models_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE public.models_id_seq OWNED BY public.models.id;


CREATE TABLE public.prompts (
    id bigint NOT NULL,
    owner text NOT NULL,
    title text NOT NULL,
    content text NOT NULL,
    model_id bigint,
    temperature double precision,
    max_tokens integer,
    created_at bigint NOT NULL
);


CREATE SEQUENCE public.prompts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE public.prompts_id_seq OWNED BY public.prompts.id;


CREATE TABLE public.refresh_tokens (
    hash text NOT NULL,
    family text NOT NULL,
    user_id text NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    revoked_at bigint
);


CREATE TABLE public.shares (
    resource_type text NOT NULL,
    resource_id text NOT NULL,
    user_id text NOT NULL,
    created_at bigint NOT NULL
);


CREATE TABLE public.streams (
    id text NOT NULL,
    kind text NOT NULL,
    channel text NOT NULL,
    owner text NOT NULL,
    state text NOT NULL,
    instance text,
    lease_until bigint NOT NULL,
    fence integer NOT NULL,
    on_disconnect text NOT NULL,
    cancel_requested integer DEFAULT 0 NOT NULL,
    epoch text,
    terminal_json text,
    end_epoch text,
    end_offset bigint,
    started_at bigint NOT NULL,
    ended_at bigint,
    progress_json text,
    start_offset bigint,
    language text DEFAULT 'en'::text NOT NULL,
    traceparent text
);


CREATE TABLE public.tickets (
    hash text NOT NULL,
    user_id text NOT NULL,
    expires_at bigint NOT NULL,
    path text,
    session text,
    generation bigint NOT NULL,
    token_expires_at bigint
);


CREATE TABLE public.token_usage (
    user_id text NOT NULL,
    day text NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    prompt_tokens bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    cost_usd double precision NOT NULL
);


CREATE TABLE public.users (
    id text NOT NULL,
    username text NOT NULL,
    email text,
    role text NOT NULL,
    password_hash text NOT NULL,
    disabled integer DEFAULT 0 NOT NULL,
    tokens_valid_from bigint DEFAULT 0 NOT NULL,
    created_at bigint NOT NULL
);


ALTER TABLE ONLY public.chat_messages ALTER COLUMN seq SET DEFAULT nextval('public.chat_messages_seq_seq'::regclass);


ALTER TABLE ONLY public.login_failures ALTER COLUMN id SET DEFAULT nextval('public.login_failures_id_seq'::regclass);


ALTER TABLE ONLY public.models ALTER COLUMN id SET DEFAULT nextval('public.models_id_seq'::regclass);


ALTER TABLE ONLY public.prompts ALTER COLUMN id SET DEFAULT nextval('public.prompts_id_seq'::regclass);


INSERT INTO public.anomalies VALUES ('dfe27eeb-7568-4722-b7db-dafe38fb69db', 'c79709d88b20074529e6e71c', 1, 'duplicate_contract', 'medium', 1, '{"anomaly_id":"c79709d88b20074529e6e71c","anomaly_type":"duplicate_contract","severity":"medium","confidence":0.75,"contract_id":"08/2024","title":"2 contratos de Prefeitura com Açaí & Cia parecem um só","explanation":"2 contratos entre Prefeitura e Açaí & Cia têm o mesmo objeto a menos da grafia, com os mesmos números, valores a até 1 % um do outro (R$ 84.300,00), e foram assinados em até 31 dias, com vigências que se sobrepõem. Se forem uma só compra, R$ 84.300,00 podem ter sido contratados duas vezes. Isto é um sinal de alerta a verificar, não uma prova de irregularidade.","evidence":{"contracts":[{"contract_id":"05/2024","contract_number":"05/2024","value":84300,"date":"2024-03-05","object":"Reforma da quadra da escola São José"},{"contract_id":"08/2024","contract_number":"08/2024","value":84300,"date":"2024-03-08","object":"Reforma da quadra da escola São José"}],"buyer":"Prefeitura","supplier_id":"12345678000195","supplier_name":"Açaí & Cia","currency":"BRL","observed":84300,"n":2,"note_codes":[],"notes":[]},"financial_impact":84300}', '{"n":2,"buyer":"Prefeitura","supplier":"Açaí & Cia","currency":"BRL","value":84300,"impact":84300,"dated":true,"days":31,"apart":0.01}');
INSERT INTO public.anomalies VALUES ('dfe27eeb-7568-4722-b7db-dafe38fb69db', '8bbba488311749d9e8f68855', 2, 'duplicate_contract', 'medium', 1, '{"anomaly_id":"8bbba488311749d9e8f68855","anomaly_type":"duplicate_contract","severity":"medium","confidence":0.75,"contract_id":"18/2024","title":"2 contratos de Prefeitura com Açaí & Cia parecem um só","explanation":"2 contratos entre Prefeitura e Açaí & Cia têm o mesmo objeto a menos da grafia, com os mesmos números, valores a até 1 % um do outro (R$ 86.000,00), e foram assinados em até 31 dias, com vigências que se sobrepõem. Se forem uma só compra, R$ 86.000,00 podem ter sido contratados duas vezes. Isto é um sinal de alerta a verificar, não uma prova de irregularidade.","evidence":{"contracts":[{"contract_id":"15/2024","contract_number":"15/2024","value":86000,"date":"2024-04-05","object":"Merenda para as creches da zona sul"},{"contract_id":"18/2024","contract_number":"18/2024","value":86000,"date":"2024-04-08","object":"Merenda para as creches da zona sul"}],"buyer":"Prefeitura","supplier_id":"12345678000195","supplier_name":"Açaí & Cia","currency":"BRL","observed":86000,"n":2,"note_codes":[],"notes":[]},"financial_impact":86000}', '{"n":2,"buyer":"Prefeitura","supplier":"Açaí & Cia","currency":"BRL","value":86000,"impact":86000,"dated":true,"days":31,"apart":0.01}');
INSERT INTO public.anomalies VALUES ('dfe27eeb-7568-4722-b7db-dafe38fb69db', '8e83960ee45d8e4ed479a678', 3, 'duplicate_contract', 'medium', 1, '{"anomaly_id":"8e83960ee45d8e4ed479a678","anomaly_type":"duplicate_contract","severity":"medium","confidence":0.75,"contract_id":"28/2024","title":"2 contratos de Prefeitura com Açaí & Cia parecem um só","explanation":"2 contratos entre Prefeitura e Açaí & Cia têm o mesmo objeto a menos da grafia, com os mesmos números, valores a até 1 % um do outro (R$ 87.700,00), e foram assinados em até 31 dias, com vigências que se sobrepõem. Se forem uma só compra, R$ 87.700,00 podem ter sido contratados duas vezes. Isto é um sinal de alerta a verificar, não uma prova de irregularidade.","evidence":{"contracts":[{"contract_id":"25/2024","contract_number":"25/2024","value":87700,"date":"2024-05-05","object":"Locação de ônibus escolares"},{"contract_id":"28/2024","contract_number":"28/2024","value":87700,"date":"2024-05-08","object":"Locação de ônibus escolares"}],"buyer":"Prefeitura","supplier_id":"12345678000195","supplier_name":"Açaí & Cia","currency":"BRL","observed":87700,"n":2,"note_codes":[],"notes":[]},"financial_impact":87700}', '{"n":2,"buyer":"Prefeitura","supplier":"Açaí & Cia","currency":"BRL","value":87700,"impact":87700,"dated":true,"days":31,"apart":0.01}');


INSERT INTO public.audit_checkpoints VALUES ('0be340be-09b8-41b0-94f0-15178f9360e2', 24, 'c1bcb749-a56d-4fc5-8900-705a73d6fbab', 'b325d846a92398c50c55f0170c6fd3f864e7e2f1de570359cb0b5a2d0aa83386', 1796019663275, 0, '339e2ff917630507b6a423b5ce084e285d1fa65d93b3e27a6195d3bbebc9ae23', 'QwNa2LuT9xTNRL5O/yPDG9GKzuMBpBsXnjQLvPzb58bYFaMbMiwf5lsTK/yEGARtAP+cOQDAObPKxBSHmpRCAw==');


INSERT INTO public.audit_events VALUES (1, '8fed9d81-718c-4a35-868c-744d3c6123d4', 1796019640797, 'user.created', 'medium', 'User created', NULL, NULL, 1, NULL, 'user', '079a9bbf-207b-45fa-bdab-fceebe569d4b', NULL, NULL, NULL, '{"made_by":"the first start","role":"admin","username":"admin"}', '0000000000000000000000000000000000000000000000000000000000000000', '836eebbcc4fa4b0fe6309a1bb333d695abfa2fb7ee89f7aaaab69f50b605a9ad');
INSERT INTO public.audit_events VALUES (2, '61d49ccc-87a5-40c2-aa7d-5cfedabb66b2', 1796019643310, 'system.started', 'low', 'Instance started', NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, '{"instance":"vm-21304-585be2f7"}', '836eebbcc4fa4b0fe6309a1bb333d695abfa2fb7ee89f7aaaab69f50b605a9ad', 'ff3101386bc88c4edb1f9fadee5b42f62322047a2daea8b5004526758616a3df');
INSERT INTO public.audit_events VALUES (3, 'add9243b-87fe-44fc-a9d2-b1bc0a1cf9d7', 1796019644009, 'auth.login', 'low', 'Signed in', '079a9bbf-207b-45fa-bdab-fceebe569d4b', NULL, 1, NULL, NULL, NULL, '127.0.0.1', 'node', 'a0c8e7ca-1e06-4e78-8f52-b922ad66b2fe', '{"username":"admin"}', 'ff3101386bc88c4edb1f9fadee5b42f62322047a2daea8b5004526758616a3df', 'ebb412257e22ff36f7f3ab08205b045b3da37c03f92f118e7ea9f49426c5cab0');
INSERT INTO public.audit_events VALUES (4, '9f333bbd-f7ec-4946-9b4f-c504eefaed39', 1796019644562, 'user.created', 'medium', 'User created', '079a9bbf-207b-45fa-bdab-fceebe569d4b', NULL, 1, NULL, 'user', 'be24a417-9935-471b-b2ca-23e80b051ce5', '127.0.0.1', 'node', '06c50ff7-aca2-4500-9cc7-d8de8b340059', '{"role":"analyst","username":"ana"}', 'ebb412257e22ff36f7f3ab08205b045b3da37c03f92f118e7ea9f49426c5cab0', 'c399ae9558fa8c230dbac9dcb3633ae87e3d6f34ad5d28fe0082b8bfd6bb0d84');
INSERT INTO public.audit_events VALUES (5, 'd64013d2-d6be-45c8-94b2-8eb14d3a2fd6', 1796019644953, 'user.created', 'medium', 'User created', '079a9bbf-207b-45fa-bdab-fceebe569d4b', NULL, 1, NULL, 'user', '602a5f44-47fc-4034-b460-a433ae0e7259', '127.0.0.1', 'node', '7cf02f61-d628-4696-a100-9d75ea72960c', '{"role":"publisher","username":"paulo"}', 'c399ae9558fa8c230dbac9dcb3633ae87e3d6f34ad5d28fe0082b8bfd6bb0d84', 'dc12456ffb2fe55a829e59d597b27c609a04be4653096fac398824d2d5d97a3d');
INSERT INTO public.audit_events VALUES (6, '65b056ac-cdc9-4790-8324-da81b8206f25', 1796019645651, 'user.created', 'medium', 'User created', '079a9bbf-207b-45fa-bdab-fceebe569d4b', NULL, 1, NULL, 'user', '66a4c175-bf94-448a-8814-c969c89da378', '127.0.0.1', 'node', 'baae85cb-4e1e-4770-b6ad-327325c59ada', '{"role":"viewer","username":"leo"}', 'dc12456ffb2fe55a829e59d597b27c609a04be4653096fac398824d2d5d97a3d', 'c99ac95e0b27ff141a2b0844c99708bbf08f9d633e7c7004d97014cfa9f68955');
INSERT INTO public.audit_events VALUES (7, '9b811e5f-ef7a-4fa5-b00e-c75b9e5404e1', 1796019645631, 'user.created', 'medium', 'User created', '079a9bbf-207b-45fa-bdab-fceebe569d4b', NULL, 1, NULL, 'user', '8cf3a40c-881a-4b66-a7e0-e9550309fff1', '127.0.0.1', 'node', 'ca29eef4-9636-4f0e-af3e-42477263616b', '{"role":"auditor","username":"rita"}', 'c99ac95e0b27ff141a2b0844c99708bbf08f9d633e7c7004d97014cfa9f68955', 'fe8b2b7bffb3ba9ef98400a83ba3ff276a67aff15c531ce04aea100f32903dac');
INSERT INTO public.audit_events VALUES (8, '5ba7c204-0f40-4e21-b4a1-a963a12d5a67', 1796019645805, 'auth.login', 'low', 'Signed in', 'be24a417-9935-471b-b2ca-23e80b051ce5', NULL, 1, NULL, NULL, NULL, '127.0.0.1', 'node', '15607ea8-f97b-43b6-b282-fc6115a504a5', '{"username":"ana"}', 'fe8b2b7bffb3ba9ef98400a83ba3ff276a67aff15c531ce04aea100f32903dac', '4ebf7146a2ea57c2317ce64d1a5c34eb5f5b55abb85d51706dad6f20d4622c9e');
INSERT INTO public.audit_events VALUES (9, 'ada749e0-b4d9-40a4-9c09-679c28d3e8c2', 1796019645806, 'auth.login', 'low', 'Signed in', '602a5f44-47fc-4034-b460-a433ae0e7259', NULL, 1, NULL, NULL, NULL, '127.0.0.1', 'node', '2e6e85b1-053a-465d-9544-8afc713fe573', '{"username":"paulo"}', '4ebf7146a2ea57c2317ce64d1a5c34eb5f5b55abb85d51706dad6f20d4622c9e', '1b52a24f91c92e08ffc4c8f5ba62831ae0b45cc16146da3a9f5eb696ca239b02');
INSERT INTO public.audit_events VALUES (10, 'b3cb7506-6f0c-47cc-95f3-aaf1a51293a4', 1796019646031, 'auth.login', 'low', 'Signed in', '66a4c175-bf94-448a-8814-c969c89da378', NULL, 1, NULL, NULL, NULL, '127.0.0.1', 'node', 'a0228ea7-87a2-4f77-87cb-107c68f094df', '{"username":"leo"}', '1b52a24f91c92e08ffc4c8f5ba62831ae0b45cc16146da3a9f5eb696ca239b02', 'e8072746de909e79781a714c779f64a9d98251e1373c21b88ebb0d0526641c3e');
INSERT INTO public.audit_events VALUES (11, 'a7f78ac1-9148-4f5e-bede-e8d3dc5ae71a', 1796019646052, 'auth.login', 'low', 'Signed in', '8cf3a40c-881a-4b66-a7e0-e9550309fff1', NULL, 1, NULL, NULL, NULL, '127.0.0.1', 'node', '54912cbd-4c1d-4c95-8119-549f8e231b89', '{"username":"rita"}', 'e8072746de909e79781a714c779f64a9d98251e1373c21b88ebb0d0526641c3e', '7bf0cdd1877868f9f470c0ecb6491ae04d1fda856993ea2efd59f8dce51e1526');
INSERT INTO public.audit_events VALUES (12, '84a317a7-9ac1-4911-ab1a-e7cbceca29e5', 1796019646297, 'user.created', 'medium', 'User created', '079a9bbf-207b-45fa-bdab-fceebe569d4b', NULL, 1, NULL, 'user', '33bf3691-31aa-480c-aec0-5eb9083b0741', '127.0.0.1', 'node', 'ddd6abb1-64b3-411a-89a6-0c4bf3f9b1c8', '{"role":"viewer","username":"left"}', '7bf0cdd1877868f9f470c0ecb6491ae04d1fda856993ea2efd59f8dce51e1526', 'b65c6cc81124c0bd2c4172cd305adf4dc12e358e4184f1b5cd708b5e3f142fcc');
INSERT INTO public.audit_events VALUES (13, '6df78481-f8cd-442c-a6c8-4f68ddd394f0', 1796019646479, 'user.updated', 'medium', 'User changed', '079a9bbf-207b-45fa-bdab-fceebe569d4b', NULL, 1, NULL, 'user', '33bf3691-31aa-480c-aec0-5eb9083b0741', '127.0.0.1', 'node', 'aab810a9-8038-492c-a485-36ec1366f054', '{"changed":["disabled"],"disabled":true,"role":"viewer"}', 'b65c6cc81124c0bd2c4172cd305adf4dc12e358e4184f1b5cd708b5e3f142fcc', 'd940e8e54ad39ca8548939e0e57bedb6c9ec1f6a0987e3c6fdc57c86550425b5');
INSERT INTO public.audit_events VALUES (14, '0581f173-d968-40af-9a3d-1b8ef85c2806', 1796019649226, 'data.uploaded', 'low', 'Dataset uploaded', 'be24a417-9935-471b-b2ca-23e80b051ce5', NULL, 1, NULL, 'dataset', '4f9ea725-1152-43b2-8c55-fff0fa033886', '127.0.0.1', 'node', '520e682a-478f-489e-aab2-1f56dca709c9', '{"name":"prefeitura.csv","rejected":0,"rows":7}', 'd940e8e54ad39ca8548939e0e57bedb6c9ec1f6a0987e3c6fdc57c86550425b5', '485bbec0bf000e2e459ac3aba85068475148464d9c164a9a262ee4335724c42d');
INSERT INTO public.audit_events VALUES (15, '31d49723-2631-4840-b9d1-86abe616bc26', 1796019649471, 'chat.started', 'low', 'Chat turn started', 'be24a417-9935-471b-b2ca-23e80b051ce5', NULL, 1, NULL, 'stream', '646703e7-6ffe-4d55-ab9a-9a44a8a5f5ab', '127.0.0.1', 'node', '62ebe3ae-28ed-4093-93a4-093dbcb35ad2', '{"session_id":"talk"}', '485bbec0bf000e2e459ac3aba85068475148464d9c164a9a262ee4335724c42d', '02b861fefb1b4f24bff40ca92e5858d5550d1918b97fd5239aeeb128b7698594');
INSERT INTO public.audit_events VALUES (16, '7ec44a11-efd1-4c81-bbd4-b6c1fb942b48', 1796019653457, 'chat.started', 'low', 'Chat turn started', 'be24a417-9935-471b-b2ca-23e80b051ce5', NULL, 1, NULL, 'stream', '5673a915-dbe1-43d1-be94-28b8e385c7a5', '127.0.0.1', 'node', 'be36ff9a-01ed-4d68-88d6-4341af293903', '{"session_id":"talk"}', '02b861fefb1b4f24bff40ca92e5858d5550d1918b97fd5239aeeb128b7698594', '7bc2929fe95f66ea38cabe5b95f8580998da35e489b0c263f2decec678e7631d');
INSERT INTO public.audit_events VALUES (17, '3b5c95c6-7fb7-4b54-8383-d8c7c8eac48e', 1796019654457, 'chat.shared', 'medium', 'Chat session shared', 'be24a417-9935-471b-b2ca-23e80b051ce5', NULL, 1, NULL, 'chat', 'talk', '127.0.0.1', 'node', '634beb78-64a9-4f1b-93cd-9c1399aacda1', '{"with":"leo"}', '7bc2929fe95f66ea38cabe5b95f8580998da35e489b0c263f2decec678e7631d', '06dbc13bfb23543b547efd8eb0a9796412239002c746d2af30a6295a9367819a');
INSERT INTO public.audit_events VALUES (18, '26383e36-9d45-49cc-8d4b-f6ff366af485', 1796019655107, 'investigation.created', 'low', 'Investigation created', 'be24a417-9935-471b-b2ca-23e80b051ce5', NULL, 1, NULL, 'investigation', 'dfe27eeb-7568-4722-b7db-dafe38fb69db', '127.0.0.1', 'node', '2f035e6b-df50-4227-9dae-6159859d7563', '{"data_source":null,"dataset_id":"4f9ea725-1152-43b2-8c55-fff0fa033886"}', '06dbc13bfb23543b547efd8eb0a9796412239002c746d2af30a6295a9367819a', '0fd8f1574ec389308793a6222ca9bbbafa8a9b7dd6a4292654e74d071b242959');
INSERT INTO public.audit_events VALUES (19, 'd96301d3-f813-49f7-b588-33bf52d4bd39', 1796019661563, 'investigation.completed', 'low', 'Investigation completed', 'be24a417-9935-471b-b2ca-23e80b051ce5', NULL, 1, NULL, 'investigation', 'dfe27eeb-7568-4722-b7db-dafe38fb69db', NULL, NULL, NULL, NULL, '0fd8f1574ec389308793a6222ca9bbbafa8a9b7dd6a4292654e74d071b242959', 'ffaf7dc9ad9c70325b62b580e491bb67be487bf80c7ab7b0ef732832b407632a');
INSERT INTO public.audit_events VALUES (20, 'c05d01e3-7e1b-47cb-a784-d5dbb3955605', 1796019662421, 'investigation.finding_reviewed', 'low', 'Finding reviewed', 'be24a417-9935-471b-b2ca-23e80b051ce5', NULL, 1, NULL, 'investigation', 'dfe27eeb-7568-4722-b7db-dafe38fb69db', '127.0.0.1', 'node', '1c8e67d8-7729-4a34-83a8-84f453aaf2f7', '{"anomaly_id":"c79709d88b20074529e6e71c","note":"seen: confirmed","verdict":"confirmed"}', 'ffaf7dc9ad9c70325b62b580e491bb67be487bf80c7ab7b0ef732832b407632a', '57147946d3592eb58351c22f982d574cba19ccf16bc9d9cde5216be2c08adaef');
INSERT INTO public.audit_events VALUES (21, '280abdff-da75-4bcf-a67b-d471b0bc804a', 1796019662525, 'investigation.finding_reviewed', 'low', 'Finding reviewed', 'be24a417-9935-471b-b2ca-23e80b051ce5', NULL, 1, NULL, 'investigation', 'dfe27eeb-7568-4722-b7db-dafe38fb69db', '127.0.0.1', 'node', 'f57e837a-9f19-43cc-a415-540edd0295dd', '{"anomaly_id":"8bbba488311749d9e8f68855","note":"seen: dismissed","verdict":"dismissed"}', '57147946d3592eb58351c22f982d574cba19ccf16bc9d9cde5216be2c08adaef', '3cff46e8aa9690d3c347fcb846246a1ed8d77a8c02dbf846909dceb27f3ddcec');
INSERT INTO public.audit_events VALUES (22, 'b7849e3a-56fb-47e4-89a9-ee90c4f9842d', 1796019662645, 'investigation.shared', 'medium', 'Investigation shared', 'be24a417-9935-471b-b2ca-23e80b051ce5', NULL, 1, NULL, 'investigation', 'dfe27eeb-7568-4722-b7db-dafe38fb69db', '127.0.0.1', 'node', '3f8b08c5-fe9a-4328-a9cf-c6c03601e2f2', '{"with":"everyone"}', '3cff46e8aa9690d3c347fcb846246a1ed8d77a8c02dbf846909dceb27f3ddcec', '866b40335e7a7bc962d7c460342d1f8a8a26be43375b2069b03ca336e4528c72');
INSERT INTO public.audit_events VALUES (26, '150c2b51-baaf-465b-b099-bc3b9854f410', 1796019666845, 'chat.started', 'low', 'Chat turn started', 'be24a417-9935-471b-b2ca-23e80b051ce5', NULL, 1, NULL, 'stream', 'da0b47e9-4f09-4bdb-8ce1-2e1c8063aba0', '127.0.0.1', NULL, '1ed25a85-720f-4c4f-8616-1b0f5b6965c7', '{"session_id":"cut"}', '2adb63bfdc9eaaeb2c7ddc6d9659aa6c38cbf4c1693b2d90bcf661d280cbef03', '10f6db0ed31100903f66b5394148c15f84bee684916ede2b580d9691ccfa682e');
INSERT INTO public.audit_events VALUES (23, '3593f289-3307-4d8a-b372-b3dac118da3d', 1796019662822, 'model.created', 'medium', 'Model created', 'be24a417-9935-471b-b2ca-23e80b051ce5', NULL, 1, NULL, 'model', '1', '127.0.0.1', 'node', '754fa158-2c6f-4231-ba27-9ed4c526cdb4', '{"modelId":"local","name":"Rules","provider":"local"}', '866b40335e7a7bc962d7c460342d1f8a8a26be43375b2069b03ca336e4528c72', 'dd390899cd6b48c63d42a70d68c5f861d8f2032cf27869fdb3c3e9175434347f');
INSERT INTO public.audit_events VALUES (24, 'c1bcb749-a56d-4fc5-8900-705a73d6fbab', 1796019663081, 'prompt.created', 'low', 'Prompt created', 'be24a417-9935-471b-b2ca-23e80b051ce5', NULL, 1, NULL, 'prompt', '1', '127.0.0.1', 'node', '76e83686-8e8d-4db4-b1b8-b3dbf44e3ba7', '{"modelId":1,"title":"Gasto"}', 'dd390899cd6b48c63d42a70d68c5f861d8f2032cf27869fdb3c3e9175434347f', 'b325d846a92398c50c55f0170c6fd3f864e7e2f1de570359cb0b5a2d0aa83386');
INSERT INTO public.audit_events VALUES (25, '73792829-2618-41bd-9057-b596df17b4fd', 1796019663299, 'audit.checkpoint', 'low', 'Audit log signed', '079a9bbf-207b-45fa-bdab-fceebe569d4b', NULL, 1, NULL, 'checkpoint', '0be340be-09b8-41b0-94f0-15178f9360e2', '127.0.0.1', 'node', '83eba497-2248-43ec-887b-8a252e8e1538', '{"count":24,"event_id":"c1bcb749-a56d-4fc5-8900-705a73d6fbab","hash":"b325d846a92398c50c55f0170c6fd3f864e7e2f1de570359cb0b5a2d0aa83386"}', 'b325d846a92398c50c55f0170c6fd3f864e7e2f1de570359cb0b5a2d0aa83386', '2adb63bfdc9eaaeb2c7ddc6d9659aa6c38cbf4c1693b2d90bcf661d280cbef03');
INSERT INTO public.audit_events VALUES (27, 'd6d1ebe9-3600-4abd-af09-c40b46a15348', 1796019668742, 'investigation.created', 'low', 'Investigation created', 'be24a417-9935-471b-b2ca-23e80b051ce5', NULL, 1, NULL, 'investigation', 'd4128564-f8fd-44f9-9d70-b91456a36965', '127.0.0.1', 'node', '0dd1d0d5-fbce-485b-ac18-1d86bafe16cf', '{"data_source":"pncp","dataset_id":null}', '10f6db0ed31100903f66b5394148c15f84bee684916ede2b580d9691ccfa682e', 'cc24564286b26083e2834f0c64f08a054ef44ea892c7347e536b639c0aea2818');


INSERT INTO public.audit_head VALUES (1, 27, 'd6d1ebe9-3600-4abd-af09-c40b46a15348', 'cc24564286b26083e2834f0c64f08a054ef44ea892c7347e536b639c0aea2818');


INSERT INTO public.audit_upkeep VALUES ('retention', 0);


INSERT INTO public.chat_messages VALUES (1, '67f9af62-b667-42dc-b0f2-1eb6ab65fba0', 'talk', '646703e7-6ffe-4d55-ab9a-9a44a8a5f5ab', 'be24a417-9935-471b-b2ca-23e80b051ce5', 'user', 'Quantos contratos há na Prefeitura?', NULL, 'complete', NULL, NULL, NULL, NULL, 1796019649482, NULL);
INSERT INTO public.chat_messages VALUES (2, '6da767d4-6b01-42f8-bbe0-b9fa90971ecb', 'talk', '646703e7-6ffe-4d55-ab9a-9a44a8a5f5ab', NULL, 'assistant', 'Entendi: número de contratos. Dados: **prefeitura.csv**. Filtros: nenhum. Período: todo o arquivo.

**7 contratos**.

Total: **R$ 517.250,50** (BRL), soma de 7 contratos com valor.

Os maiores contratos em que se apoia:

| Contrato | Data | Objeto | Fornecedor | Órgão | Valor |
| --- | --- | --- | --- | --- | --- |
| 25/2024 | 05/05/2024 | Locação de ônibus escolares | Açaí & Cia | Prefeitura | R$ 87.700,00 |
| 28/2024 | 08/05/2024 | Locação de ônibus escolares | Açaí & Cia | Prefeitura | R$ 87.700,00 |
| 15/2024 | 05/04/2024 | Merenda para as creches da zona sul | Açaí & Cia | Prefeitura | R$ 86.000,00 |
| 18/2024 | 08/04/2024 | Merenda para as creches da zona sul | Açaí & Cia | Prefeitura | R$ 86.000,00 |
| 05/2024 | 05/03/2024 | Reforma da quadra da escola São José | Açaí & Cia | Prefeitura | R$ 84.300,00 |

Mostro 5 de 7.

Linhas: [/datasets/4f9ea725-1152-43b2-8c55-fff0fa033886](/datasets/4f9ea725-1152-43b2-8c55-fff0fa033886) · API: `/api/v1/datasets/4f9ea725-1152-43b2-8c55-fff0fa033886/contracts`

Você pode perguntar em seguida: “e por mês?”

_Não sou um modelo de linguagem: respondo por regras, só com os dados deste serviço, e cada número sai de uma consulta a eles._', NULL, 'complete', 'anita', 'local', NULL, '{"prompt_tokens":5,"completion_tokens":202,"cost_usd":0}', 1796019649482, NULL);
INSERT INTO public.chat_messages VALUES (3, 'eacaf379-9c2e-47cb-b7bd-62e3e5c99196', 'talk', '5673a915-dbe1-43d1-be94-28b8e385c7a5', 'be24a417-9935-471b-b2ca-23e80b051ce5', 'user', 'Quem é você?', NULL, 'complete', NULL, NULL, NULL, NULL, 1796019653467, NULL);
INSERT INTO public.chat_messages VALUES (4, '916b3e1a-5fca-47af-ae1d-d11cf2837940', 'talk', '5673a915-dbe1-43d1-be94-28b8e385c7a5', NULL, 'assistant', 'Olá, ção 😀', NULL, 'complete', 'drummond', 'xai', 'grok', '{"prompt_tokens":7,"completion_tokens":3,"cost_usd":0}', 1796019653467, NULL);
INSERT INTO public.chat_messages VALUES (5, 'f6991d1a-c450-4675-8793-def6b05b1959', 'cut', 'da0b47e9-4f09-4bdb-8ce1-2e1c8063aba0', 'be24a417-9935-471b-b2ca-23e80b051ce5', 'user', 'E agora?', NULL, 'complete', NULL, NULL, NULL, NULL, 1796019666849, NULL);
INSERT INTO public.chat_messages VALUES (6, '78bda195-c716-4a52-9254-ef959e322b45', 'cut', 'da0b47e9-4f09-4bdb-8ce1-2e1c8063aba0', NULL, 'assistant', 'metade ', 'ba3db10821014f9c:6', 'streaming', 'drummond', 'xai', 'grok', NULL, 1796019666849, NULL);


INSERT INTO public.chat_sessions VALUES ('talk', 'be24a417-9935-471b-b2ca-23e80b051ce5', 'Quantos contratos há na Prefeitura?', 1796019649455, 1796019653440, 'chat:talk:8ba98fd34b9e018e');
INSERT INTO public.chat_sessions VALUES ('cut', 'be24a417-9935-471b-b2ca-23e80b051ce5', 'E agora?', 1796019666838, 1796019666838, 'chat:cut:6a9c0cbbdb6c8cea');


INSERT INTO public.dataset_chunks VALUES ('sample', 0, 0, '\x50415231150015ee2415a0072c15cc04150015061506000028b52ffd603708350e003623610a10f86c07ffff3f5a3205590059005800850c12c81f7dec91c71d75cc11c71b6dac91c619658c11c6175d6c91c515554c11c5134d2c91c411450c11c40f3dec90c30d35cc10c30b2dac90c209258c10c2071d6c90c105154c10c1030d2c90c001050c10c09f00650f1089227aa8a185123aa8a08102faa79f7df2b9a79e79e279a79d75d239a79c71c2f9a69b6db2b9a69a69a279a699659239a6986182f9a5975d72b9a596596279a595555239a5945142f9a4934d32b9a492492279a491451239249f75b6596697553659648f35b6586287153658607ff5b5575e77d535575c6fb5b5565a67953556585f75b5555657553555544f35b5545247153554503ff5b4534e37d534534c2fb5b4524a27953452481f75b45146175534ff5f091223448400f1c143070e1b3464c070c142050a13244480f0c04103060b14244070c040010203040400f0f76fbffceeab6fbef8de6b6fbdf4ce2b6fbcf0beeb6ebbecaeab6ebae89e6b6eb9e48e2b6eb8e07eeb6db7dc6eab6db6d85e6b6db5d44e2b6db4d0028125a81190f8ede1af011124e00f43511445511445511445511445511445511445511445511445511474b10ad0178a82a25028140545a150280a8a8a3cad0a150015ea3b15ae052c15cc04150015061506000028b52ffd60f50d6d0a00b6942c18a0a520e9ffffffffffff0090bdf79632c9fc7ff7f81fdb022b0023002000a168a47c21a168a47cd1503452be60281a295f1c8a46ca170b4523e51f0f2c2282201020106040100400022449feffffb66ddb168a46ca17b1503452be08a168a47c51a18823e50b0a4523e58b09ffffefbdf7de7bef1dc7711cc7711cc7d3999999191111111191b66ddb9624033d1e68082184aaaaaaaa2a22222222a299999999191111111191b66ddb96244992fcffff038147a8d1d86dff0dd1a74a6311201c429880403f74bcd9b9d59d9d5ddddcf9b2f17b1dbfe7f83dc7ef397eafe3f71cbfe7f83dc7df039c44e3bde84c6ee8456772436f742637746b05396abcccd19ac6658ed6345ee6c036c864e668cdc6658ed6342e73b4ecc18b5a2296ac269f5ddddcd9d5cd9dadac705b66760c4e31273753d839cb696e5671219acb356eb6b820cec5758d39c0a82a150015ea3b15ae052c15cc04150015061506000028b52ffd60f50d6d0a00b6942c18a0a520e9ffffffffffff0090bdf79632c9fc7ff7f81fdb022b0023002000a168a47c21a168a47cd1503452be60281a295f1c8a46ca170b4523e51f0f2c2282201020106040100400022449feffffb66ddb168a46ca17b1503452be08a168a47c51a18823e50b0a4523e58b09ffffefbdf7de7bef1dc7711cc7711cc7d3999999191111111191b66ddb9624033d1e68082184aaaaaaaa2a22222222a299999999191111111191b66ddb96244992fcffff038147a8d1d86dff0dd1a74a6311201c429880403f74bcd9b9d59d9d5ddddcf9b2f17b1dbfe7f83dc7ef397eafe3f71cbfe7f83dc7df039c44e3bde84c6ee8456772436f742637746b05396abcccd19ac6658ed6345ee6c036c864e668cdc6658ed6342e73b4ecc18b5a2296ac269f5ddddcd9d5cd9dadac705b66760c4e31273753d839cb696e5671219acb356eb6b820cec5758d39c0a82a150015ce4915ce052c15cc04150015061506000028b52ffd606711ed0a0056152e19a0258574ffffffffff60cd7c247befbd6592ecaa503eb6c7b62e00230021004523d139094523d1b9084523d1b986a291e8dca168243ac75034129dbf0bb651c0000283c120c000800283c18020ffff4f9224498ee3388ee3388e63281a89ce855034129dab503495e81c85a291e8dc84ff3fe79c73ce39e77befbdf7de7b4fcccccc8c88888888484444444444dbb66d1bf12e68082154555555551111111111cdcccccccc88888888884444444444b46ddbb6ffffff078148a8d1d4deff0cd1a74a6311201c2224c40908f5034d1b69d04283161a74d0a083fea3766da3766d51bbb6a85ddba85d5bd4ae2d6ad7bc1d478ab1a473c3c492ce0d5396746e98d53a3a379c58d2b9616249e786134bb06d9a5e0c39daf462c851d38b2167130ed97259670a2c6a1b69d04883161ab4d0a023d26d1de6b6eec5460df26596c338f40daa671cc651581d93fd7b308e62ea98f6d7c33285cf40550115041518152a4c15021500000028b52ffd200c61000008000000436f6e747261746f1500151615282c15cc04150415061506000028b52ffd200b59000003000000cc040101cc04001504156e1580014c15061500000028b52ffd2037b901000d000000436f6e636f7272c3aa6e6369610700000050726567c3a36f1700000044697370656e7361206465204c6963697461c3a7c3a36f15001596011598012c15cc04150415061506000028b52ffd204b1d0200340303000000cc04010241545555511555515155455515151045554515555554555445554555555551555415656245155554554c010500b81c2dad3a37642e08afb30c150415b20115704c15061500000028b52ffd20597d010054021a0000004c65692031342e3133332f32303231206172742e203238204949191a373520494902004081e2c0282715001596011598012c15cc04150415061506000028b52ffd204b1d0200340303000000cc04010241545555511555515155455515151045554515555554555445554555555551555415656245155554554c010500b81c2dad3a37642e08afb30c1504151615284c15021500000028b52ffd200b59000007000000566967656e74651500151615282c15cc04150415061506000028b52ffd200b59000003000000cc040101cc0400150415e80215d0014c15141500000028b52ffd20b4fd0200c4030e0000003030313030303337303030313931323539303430373438313131373032393631323333333931383530363438313633323232303030313836100059950103001d83c5c00ed80bec00854118a0300803ea823b406110862a6618150015940415e0022c15cc04150415061506000028b52ffd600a00350500d40903000000cc040104410021231411050655560525611242526175389200260658040552550381569082803153091523588070037625100318131002600662768379990907068192801700704574887240500587236586502167730778118287309709983011218184906607677487074328591585239319697020984386293175981043672054963285411973084197064265295398177358107406426501001d45488d14150415da0515fa034c15141500000028b52ffd606d009d0700a20f3026902939bf63c5f8dd05fb29919c8c52da9cd0487bc13f54bc3560e36d09dd45f8973cb6db4506995e4165fa13add9c644fbf486a47277008ea2b4c905ed47b4e77d60fab35e8ab40e64fdd922dc9d813fb47c5d9d20d3f76e18a717a4e465723916ccf56c6065787177039eab1764fdac6b95e2ee049e3b8924439f3bb2de0d640dd1f6717ddcdd41ca677dd881aa9201552e725d01e9fbac09a809973e8e02e632ad9a912edc1d667a057b91447bb40c6cd52c7558607abfe3cfb893bb2308120063080f437082711d4dc7182c08cb14d8b811a96fced645023927dad5623d4061b22ac625428bc47013ee8ad3aa33150015940415e0022c15cc04150415061506000028b52ffd600a00350500d40903000000cc040104410021231411050655560525611242526175389200260658040552550381569082803153091523588070037625100318131002600662768379990907068192801700704574887240500587236586502167730778118287309709983011218184906607677487074328591585239319697020984386293175981043672054963285411973084197064265295398177358107406426501001d45488d1415041548154c4c15041500000028b52ffd2024ed0000a80e00000030303930303030313932303030303134380200350d1fb82415001596011598012c15cc04150415061506000028b52ffd204b1d0200340303000000cc04010241545555511555515155455515551545554515555554555445554555555551555415555145155554554c010500b81c2dad3a37642e08afb30c150415a401159e014c15041500000028b52ffd2052350200c40324000000436f6d70616e686961206465204f6272617356696c612046696374c3ad6369612600000050726566656974757261204d756e69636970616c02006eca1f5aa50915001596011598012c15cc04150415061506000028b52ffd204b1d0200340303000000cc04010241545555511555515155455515551545554515555554555445554555555551555415555145155554554c010500b81c2dad3a37642e08afb30c15041550153e4c15081500000028b52ffd2028b50000680600000039383030303432313303040640c06d410215001594031596022c15cc04150415061506000028b52ffd20ca150400940703000000cc040103418832659b162851302dc134649a24615a94048b240519164d13a409d1a64498126550a620d9b661913245912268da066981162d1ab6458b86251124698bb0285984658a906dc3a620d1b02591b028d1042d5182694ba24459a629cab249c92625419b946c92924d4a364dc93629d9a4600100b993688802150415d40115ae014c15081500000028b52ffd206a75020014041b00000044697265746f72696120646520506176696d656e7461c3a7c3a36f14000000536563726574615361c3ba6465134f62726173184564756361c3a7c3a36f03003ae7b2731a0d57950115001594031596022c15cc04150415061506000028b52ffd20ca150400940703000000cc040103418832659b162851302dc134649a24615a94048b240519164d13a409d1a64498126550a620d9b661913245912268da066981162d1ab6458b86251124698bb0285984658a906dc3a620d1b02591b028d1042d5182694ba24459a629cab249c92625419b946c92924d4a364dc93629d9a4600100b993688802150015ae870215c0192c15cc04150015061506000028b52ffd60d740b53200aa418c0b30604dd2066043d393704320084218ab35492291e4be91b589503ff5586af46818736cbb7b6792296dd3543b49104218c9b800ad00ac000d81f3e26930ef3c7d894e0426bfc0091d160e20845ceae49c096574e2a2cb4f9d5171201d9e7f3c243e40081958f3e55322325fe72f325640c6a19f205fc1440408a1022aadf2201317289dd7e8830893e151a0057ce8273ae386073ee44f400845b8be1315653c282f1ec7d180d2d1a8e171e65be827fa9677269cfa894687f9e5418479043e4008b1e52d9e84141aa584afa131d1d5e790fa127d0874948ba7623e8d1a9e0dcf73985fe0e34140083500011f1042010253df6162935e05e529e84b3422f2802aaf8108641c8b7e05e425a2cf219d19d1ce8ced65cdb1b40b764d784f74fbf236b696d1caf56ae64c355ecebe9a37b511ddeeb6133857fd12e6e52ffaf4c9d7e88c10e9f0284f6794cf70782c20f28c8c0a10420a962f85529bbc6c1ef22783e19b052a533f992f212084269631b68e63f298081198301151f92a282f5ff3f493973222fafa1ed061fef1b271308f0221f48053f356db9c32d096d34aacceeb14b425c0dd0ed21260bc6e6de2b5b639677ef217e888a014aa3c07363332d0f810c874781444e74fa85c3c0c7c5046e7c9d8788ace5fde85098410056b5e9cd6d7396beed6c4e2e66bdb3b75526a5d355ec6622c0133466aac3181c937ca780756288ea9ca37af19c0ecb631e5acda2e2fb6daa6f5c69272d6cc3108e56e396ecdeb21ef44a83460435fa21530798d89be45c68a97801062c4e439cc3f98061a2d5e4a0f0fa2515f3662cbd99ddbd99dbd7915b337b766d6bb7a9bed9250bdbdadb679d5aa5510abb96210bd94a7c5ed56294f8a21983b2eb0babc032394170f54602342b4d529ed2ac5dc52eb49ed4a24b67835b7f3a4d8b2536c596bce6d6aa6bc5bbb63bc522b09b6167baf43e04bad09e7cb983cc7d12c1159ae5cb3afb512ad192be65433d5893963e6a5961be3b5bb5c4bedee895d332bd55a773b6bcb7952ac7771816da89148b044444444449224290c6311858410a4a095b20312c0200c03310882101c230409c12b0801c261181b64d607e39233c2a7f98c6b38c8e1315c60c74fe8e7160ecd8fcb13f40a9313c313c213c41778cc6b6a96ff297dcad92b7856e7d5f4cfd90f231a7706dfcdccf17c7b70a551b305c65b0cdfb05186ace69978810b670d6bcb5b41df5046692608b2ab950662d144cba9d8aea1fd61d78c8e5e724c5cd952b646239394246cdc0dec7c44c77d63b744a3449e97e4dfa020536d50546393cf359f2638188124635354b746ad009be8916c52d7d27906b2ed121796d3873f9a2e901ce0b9a0d8ac642ab79300d4ae19534671371590e834b0ee16b8b43e4ebc0d698534f1d238f5fc5e0b86d111a44935f8682e039d8f82e070395afe2c3ef6db5f6a3e692117ef0d047777fded2ff1922281a5a24479f7a9208153a0a4834fc2a1ba8cc7316aed8e3ef9690f063d5b58465a699389c466be56f68083f6c3e870d3b206c34fda5a318020252299fe2258759314ce1e370da1ceb3649a9b8b0c8cb6e535f4621ebad1edca2e9139929f70d39d89dcd8b1805a93a9a55053f300f9d21db72bdd0b536ab9be0fd485a0cba1a14e49e52d0c9f57537e75070e9636bb9cf8c62cc41bc22e091d254c557ac3b20d4ce1195df71513648c3ec471966e4574356cf58aa72300ee00f50813ba508cd9e311440d714d421e3d9fcf468ea15cd80b00e97ddb8ef442f934dc564bea85884d32f3e09a03ec90a03109ad9af238d381a70525d779a12c7a2a14224972c146389ea20a5200baff9f23ba4dce52efec6e8125ff8f607e83b3e06f44e012cf401c0f4c392f432c9b691574a0a4fbb9e07796db5186f262981c51e956e655423c38ea577165e3b8e0a87fe1ee9886c591cabab21a5a7e1405996bb64761b3314c573f82803b54b360babd790328f2a0b666571aaacb8f9aeaf397fe957c42088fe53d358b235781d1ddf02f6782136b267de68ca4cfde3fc6d5b945f5be516825ed34a343c176f7094343e4205461a9e82851930c302ebb158870397cfaf9e9fd5a2a6f803846c032074b1b6dd92843225114b244eb2407076f807c3efe45aa9666e7a754897c981c1aec4960514f9c41aaaf17b727cc20a985e96694378bfa534dd174f8a6d1844fbbe61ed2887f479b5bf4e15c8eb7df0f44ca798f48072e7606959f92a7637009ca1ca5d0d46e643f2d75c5299a6ba30a150415960115a8014c150a1500000028b52ffd204b590200050000004f627261730c000000496e666f726dc3a174696361090000005365727669c3a76f7307000000436f6d70726173160000004d6174657269616c20646520657870656469656e7465150015980315fc012c15cc04150415061506000028b52ffd20ccad0300a40603000000cc0401034188a66d52322891a049822444d1a46193a40991000c1a344d13b60893168990288dc8c4411cb7409b346ad2186c13054ac4b84914b6719a064e22262992204ddb846d9310454194419330458920695a044d92862dd3a668dbb66d360341dab66ddb0200698669a3833303150415761588014c15021500000028b52ffd203bd9010037000000506170656c2073756c6669746520413420373520672f6dc2b22c206272616e636f2c207265736d6120636f6d2035303020666f6c68617315001556154a2c15cc04150415061506000028b52ffd202be50000b0240000009e01004111210a401048128240040001200001003f10061504151215244c15021500000028b52ffd2009490000050000005245534d4115001556154a2c15cc04150415061506000028b52ffd202be50000b0240000009e01004111210a401048128240040001200001003f1006150015be1215f4082c15cc04150015061506000028b52ffd609f0385110046337a2ea0b4145a0310d8ba22d4ca24a3b882708696f7ab3c1ccb45c8a907e0193973b2e583c7b748b19cc638303bc862536c00680063003322b3193319b31833365b3318b316b311330db30c330c0e660d66076606d8d7a997a957a8d7a757a74caf4a925e905e8e5e865e8508057af579d579a979917989798179757961b1f292f272f22af20af2baf1b231e315e3b55e2f5e295e285e275e264abcaa000860f4000197e4ebf1e1f86a7c343e169f8acfc447e2abfa447c213e101fbe0e9f86cf02856fc227e18bf041f8187c0b3e051f82afc0110835f334d334b3349b3483347b3463345b34233468e667c667666746671607cecccdaccd2ccd0ccdaccc2ccc8ccb2ccbaccaecc8ac48b71cb71bb775737163715b714b71abba81b879b875b869b861b85db855b83d58702b70fba5fa507da7be52dfa8cfd3a7e9abf451fa267d8d3e465fa2efd007e8fbf3edd173e793f3c5f9de7c6cbe34df99cfcc37e613f37df9bc7c5a3e2b5f954fc901afaabcaa42658a9428509e3869c264899224488e18294264889020407ef8e8c163878e57365ea97895e255d5ab0faf38bcdaf0ca818257095e157835e076ea46ea26ea06ead6e9c6e9b6e986e976e92629d2edd18dd14dd10dd14dd00dd06dcf2dcf0dcfadce6dcecdcdadcd6dcd0dcdedcb6dcbedca4dca8dc96d482f20e0c759f26566249f6159f26596259f6159f26596255f6659e4cb2c4b3ec38c981bf32ac34a96c69c2c7136f36f7e0337bf99bb6c9acf6859cf9b6ff22b8f4ace67890e150015be1215f4082c15cc04150015061506000028b52ffd609f0385110046337a2ea0b4145a0310d8ba22d4ca24a3b882708696f7ab3c1ccb45c8a907e0193973b2e583c7b748b19cc638303bc862536c00680063003322b3193319b31833365b3318b316b311330db30c330c0e660d66076606d8d7a997a957a8d7a757a74caf4a925e905e8e5e865e8508057af579d579a979917989798179757961b1f292f272f22af20af2baf1b231e315e3b55e2f5e295e285e275e264abcaa000860f4000197e4ebf1e1f86a7c343e169f8acfc447e2abfa447c213e101fbe0e9f86cf02856fc227e18bf041f8187c0b3e051f82afc0110835f334d334b3349b3483347b3463345b34233468e667c667666746671607cecccdaccd2ccd0ccdaccc2ccc8ccb2ccbaccaecc8ac48b71cb71bb775737163715b714b71abba81b879b875b869b861b85db855b83d58702b70fba5fa507da7be52dfa8cfd3a7e9abf451fa267d8d3e465fa2efd007e8fbf3edd173e793f3c5f9de7c6cbe34df99cfcc37e613f37df9bc7c5a3e2b5f954fc901afaabcaa42658a9428509e3869c264899224488e18294264889020407ef8e8c163878e57365ea97895e255d5ab0faf38bcdaf0ca818257095e157835e076ea46ea26ea06ead6e9c6e9b6e986e976e92629d2edd18dd14dd10dd14dd00dd06dcf2dcf0dcfadce6dcecdcdadcd6dcd0dcdedcb6dcbedca4dca8dc96d482f20e0c759f26566249f6159f26596259f6159f26596255f6659e4cb2c4b3ec38c981bf32ac34a96c69c2c7136f36f7e0337bf99bb6c9acf6859cf9b6ff22b8f4ace67890e150015be1215800a2c15cc04150015061506000028b52ffd609f03b5130016378332a0f40c73f0f98c24ef993958356aa93ef037f1474a8f109203f29f30469b84f64e7529a5ebcbe8002ad57fb7e6f258555a0a7a006f007300b342b3ae599e19d78cce6c6b36671662566646355330c35262b66456644684059949cd7ccc70cc6ccc68b017bf06ad989d989198799875601c7eb1996598559831f855e557a75f9b7e69fa75e997a45f3f7e41fae5e897a25f867e11faa5e2179fae5f5cbfb67ec9f995f52bcd2f34bfb0cefcb2001525e80002373f3744b740b3373714373d33ab9bd60deb66e67675a370b39a51a9ba75b951ddaacca66e536e526e516e4f6e4e6e4a6e6f486e466e53b31cb721b37663748b311b7163713b713331c333bb70e3d036cc12dc26dc1accaa7e753a702b7023700b708b9a7db2349b347b343b3493113f093f08bf073f06afc08fc04fc02f6a47641769e7e8a66607e3e665d7c7c5d9b97159bbabdd981d985d971dd5951d955d9324bba95d905ba51d909dd4aec76ec7aec62ec6eeb56b711374cbb01bb113b1fb705b705bb39310c139b841ed10ec0cec0638a819a51ba7dba65ba61ba659a21ba4bb4080fef8e9f31aedf674bd453bae3b751ea2363b2e3bad9d962c3b353b2cbb343b2b3b2c333b29507664764e76565b3b31bb253b39bb3070765f7647766f76467e7c7e5abfacdfd5afeab7e5a7e5c7e421d979fa4dfd84fca47e3c7e3a7e377e34768a7e337e2e7eeeb722c5cfc4cfce0fc44fc30f432d20d0820a7507b2c8476665b11f65beb751e79b3c6bed8ec48e0036f6d7fc43c9ec88ac7d2cff2bcdcb07e5ca50fb2c032ec99b6add8961570636c328eea3fde66b18b32ccc08d931a4ae1236f266cc54fb64b4cb1c6ccee6996f6d34a3945761989af399a003150015ee241582182c15cc04150015061506000028b52ffd603708bd2f00144303000000cc0401b81e85eb00a423411f85eb517086f740e17a14aefb290241a4703d0a0f00fc40333333330b62e34014ae47e14ad7d72e911f410ad7a3706518eb409a999999bb0307413d0ad7a3b4b31311ae124152b81e85c34ff140713d0a57015f234185eb513868532341cdcccccc5c9ae240ae47e17abc60e65f531a41713d0ad7316607a8fdda613ef822576d6b21b821181641d7a3703daaeae040bd6afa40c3f5285cbff6d55cd6f7401f85ebd175982741295c8fc215def4408ba9d9e1de98f84f38194148e17a94e8e727411ff20c2503ee405c8fc2f5149df139e508ad1ee8749fe4b5672741ec51b81e510a0d4075d64026fc174100000000a064dc515255031087df40f2bc2141173cde401f3323a0ea114166666666a6f703413e3815c5a8d23be06a2c29b122416f60f4f6371d418fc2f5284cade8678f05eeb1f5407b14ae47808c12d2ec082f7519ad5927fccad94085eb51b8ae92d940bde3e440f6285c8fc626f34040e0d44076481241a1b4eec7810141db841d413af1f2135aeac8b1f640f2570519140f3869f2c38f0200a4b261c7f2233ff004a78be34c77b3402fd3fa38bad440f6285c8fe54c15cca5b50c3a1daac500b6a4e0bdc70fe61db74ffcda8059f63f90edcc24b64676db26b8e4d5fe9402ff4df304f2fcf840507f09e5f2101972e561ef0941becb1c8a8299270064b974be1d26892241517ee8b3f6f7b344b8433003f00c1b3854e626412ba8db405c3a0fc9230ebc2e2e1bb495cc30bae1aaf3d54048e17a14ea6d009ebc75004621d1210625c0dbd474d5c13c220a27e2d6fff0ebc0db26df7c849b1fda50e76f7ff419cdbf2040ddd7b1d70eba1f0685a7a4fdfa37f2403f39f39999beccb0ebca4c0472bf1f03c161610226416ceee4f5b053f6c0cbbc49f69806ea7dfff594b7f4ad31ecc64822419c351c75220081bf0c300a126703eb405f39136429f6c31ed71980ba24515838ec99f6ef11afc014feaa10194800fa0bd3d4f19e96dc00600c00c2ea35978032f060f800a3ebdc8f972214961ae22d800a79b2264883247f520725e06517094e8b27416515e534771aa06ce242af036de8f2893000634b05084c27411c1fe1057fff253e74d8c5f2f82308e2b38772254d35f9612ef7ae68f0a8ab14b87e58d933054f9910ef5bb4f6ddcbe37748e3dde5f9dc640de5b8dce16e7df142b05c27e755e346b7db4008bdd4717125e6451d24d7cbf1f5c25534d91ca9e8e773ea129be18f08f389e49949e37e09e790f7dca80ae06c0fd7cee8e49eb6e8b880fc8be34074e5d089a714b0e99a8bd2fe5ee52a02e819d9ea5c2f7dda85ab97e84a2ad86bddd8e3fae6a979dca0add18aa4e8c65fe29ae178b8e88722de4c20e61848d5f887d35ed7e11aebe28c27e9732ed955ff83c6dceef7d7d1b8e50de72494f8c4fe7d3aea6206e24040cacf66e9fb9ed0db895be8f19de93c56df0d71e5a7dce661a6cd6470e2b5ead0e5c4e4408108a8210886da949bd4282c0731040985a144b7071100e1764b221835ffb0efcec92537ddedcf051e99eb78ad903dd2d40e068a3581da2d33ed4097327b29575edab92de395def8aa959cddc28735f9497803dea321aeb241171b2bcde270352d9133ab0333cdff421b5fedb466bd6b110cd8c6015d98da7826ad2c51dbb7c70add814d9e56d4f6f9b58a3972ff8aec45f44e78a09c27eb3ba3231af371395677e108c9b8cb460b6d40c6cbdd93dac0d7f9ee3145af756b848f72bd061f6d0bbac591adbecfd67e4983749ba8ad33402d4b47c41d7f0b1dbb053bd5269c7893da6fabefa1f23c2e8dcf5b56281e8339b52d1c1bdbe363e6ec0d3f07db6d11dd581beccb8ce0a330830c05364bb2bddb56797778684d8969ed971ce15b5e33ec7d635b6f73339e7fb565e7b0421ac91c00a16dfec2bd233a19f200f7521e183648038bd5b7e525baa326ba04bbd73d876967d851eb5abd2cdbbbd8c9aabc94bdafb386b9918101ceb0a99b39ad05adc44e5bf7fec36f088d7b5de798cde4cbf2a76f5146df363cd513d1822f8fb967f69087c4ddd0b461c61b834ca07379c1620af79f81916ee86e2670e3eefd26442c462798763e83c1d6996d31743357dfe3b759822a150015ee2415f8172c15cc04150015061506000028b52ffd603708952f00d44303000000cc0401b81e85eb00a423411f85eb517086f740e17a14aefb290241a4703d0a0f00fc40333333330b62e34014ae47e14ad7d740ec51b89ebbe922410ad7a3706518eb409a999999bb0307413d0ad7a3b4b31311ae124152b81e85c34ff140713d0a57015f234185eb513868532341cdcccccc14fee340ae47e17abc60e65f531a41248508a8fdda613ef82241ca0622b821181641d7a3703daaeae040bd6afa406756da5cd6f7401f85ebd175982741295c8fc215def4408ba9d9e1de98f8cd1b4148e17a94e8e727411ff20c2503ee405c8fc2f5149dd7f7aa0dad1ee8749fe4b567271e510a0d4075d61e26fc174100000000a064dc515255031087dfd1902f2341173cde401f3323a0ea114166666666a6f7033e381541b81e858b799d43ccc231a1ea2a41c3f5285c6f60f4f6371d418fc2f5284cade840678f05eeb1f5407b14ae47808c12d2ec082f751941f6285c0f945528fccad94085eb51b8ae92d940bde3e440f6285c8fc626f34040e0d440764812eba1b4eec7810141db841d4114ae47e13af1f21f05efc8b1f640f2570519140f3869f273bb0500a4b261c7f2233ff004f2dbe34c77b3402fd3fae1ba49d5e54c15cca5b50c3a1daac500b6a4e0bdc70fe61db74ffcda408059f65385f1cc24b64676db26b8dd59ff9402ff4df3fcf8ac150ee5f2101972e561ef0941becb1c8a8299270064b94074be1d26892241517ee8b3f6f7b344b8433003f00c1b54e626412ba8db0b05ff0fc9230ebc40ec51b81e3edd1fb4952730baaaf3d54048e17a14ea6d009ebc7500462111b028c0dbd474d5c13c220a27e2d6f5d08fecc0ca99df7c849b1fd440f6285c8fda50e76f7ff419cdbf2040ddb1d70eba1f06a7a4fda30ff53f39f39999be408400ecca4c0472bf1f03c161610226416ceee4b053f621e50bbc49f69806ea7dfff594b7f4ad31ecc64822419c351c75220081bfc8036703eb617913257af9c31ed71980ba245838ec99f6ef11c7ec17feaa1019480041651f0dd3d4f19e96dc00600c00c2ea3597258032ebf060f800a3ebdc8f97faf3e32d800a79b226144883247f52072b25e06517094e8b2715e534771aa06ce242af03466ff3893000634b05084c27411c1fe1057fff253e74d8480efb2308e2221d264d35f9612ef7ae68f0a8ab14b87e58d9054f9910ef5bb4f6ddcbe37748e3dde5f9dc640de5b8dce16e7df142b05c27e755e3b7db08bdd440717125d177062841713d0ad7cbf1f5c25534d91ca9e8e773ea129be18f08f389e49949e37e09e790f7dca80ae06c0fd7cee8e49eb6e8b880e2fc8be34074e5d089d65ca714b0e99a8bd2fe5ee52a02e819d9ea2f7dda85ab97e84a2ad86bddd8e3fae6a979dca0add18aa4e8c65fe29ae178b8e88722de4c20e61848d5f887d35ed7e11aebe28c27e9732ed955ff83c6dceef7d7d1b8e50de72494f8c4fe7d3aea6206e24040cacf66e9fb9ed0db895be8f19de93c56df0d71e5a7dce661a6cd6470e2b5ead0e5c4e4408104a8210845abca685263630c310409c591a6d60311e0e0764b221a986fb8bbe7d8124f63e71112462266dc2bb3bf3edcf101c33981ecfaacb372f9734b83573b67945b998d2fafc0dcd6347f16266dc69e0cc30a07bfc7a2ebb974da46f94198cee7d24d586d8ab34574110d7edbc159a8a5ddf7c5f381e93c16b0ddc5c96985b73b7213e768f7157375917a37073e0cd699c5e84ed7d76037a36dd1e386ab9ac14b1c2c31f6b209acdfddde693583b2ff09bb61cf23b36eb14ff7d1faa53d08db245ffc366c5213c7c8bd1dbff5f2efebbaf3a8b11964ff57e1439939ee8fbf1b2b1873265663bcd00bd74cec860df3e86eccfbdcb2af2cc2d85a1c0a7d6fdb766c63ded0ca13a71e2f6d445fb219c0be435807eefa332d7628ad3af6366fd352df719e0d3568786906cc077ddf745abd6d5dc2397782656712e2d1ee64f62b5e0f6bbfc2f1af6e4b31ed424bb6bbbee18d4e8b781c3a7476709b6dc5d02bb44bd761ef585c1b43164ec48ddb97914e2f2da2dd3065262bdca48199eb30e817686a9919e5185cc0a45cb037f61e6c9edd08b9807660d68df3cdc489040b3e31ab2f77cac04780730b5bc3d0e657ad5d0f55150415800215ea014c15201500000028b52ffd208065030084055c8fc2f528dc37407b14ae47e1ba3740713d0ad7a3303939401f85eb51b89e373840003940c3f5285c8f02374066a61e3740ec51b81e856b38409a999999993951407ad439ab38400ad7a3703d0a3740a4703d0ad7e3384007003b332a3884a55200f3b836803bc79d4d150015940315662c15cc04150415061506000028b52ffd20ca5501000402240000009e01004111210a401048128240040005412088418a3928a9c59a7b0002001240fd1f08031504151015224c15021500000028b52ffd2008410000000000000000394015001556154a2c15cc04150415061506000028b52ffd202be50000b0240000009e01004111210a401048128240040001200001003f100615041580021598014c15201500000028b52ffd20801d020004020000694000406a806bc06c006e406f70e080712072c060730074a04075e0754010006020c80c8c064603598081c14090191802640c06060383815706831801c002150015940315662c15cc04150415061506000028b52ffd20ca5501000402240000009e01004111210a401048128240040005412088418a3928a9c59a7b0002001240fd1f08031504150e15204c15021500000028b52ffd20073900000300000042524c1500151615282c15cc04150415061506000028b52ffd200b59000003000000cc040101cc0400150015ee2415f8172c15cc04150015061506000028b52ffd603708952f00d44303000000cc0401b81e85eb00a423411f85eb517086f740e17a14aefb290241a4703d0a0f00fc40333333330b62e34014ae47e14ad7d740ec51b89ebbe922410ad7a3706518eb409a999999bb0307413d0ad7a3b4b31311ae124152b81e85c34ff140713d0a57015f234185eb513868532341cdcccccc14fee340ae47e17abc60e65f531a41248508a8fdda613ef82241ca0622b821181641d7a3703daaeae040bd6afa406756da5cd6f7401f85ebd175982741295c8fc215def4408ba9d9e1de98f8cd1b4148e17a94e8e727411ff20c2503ee405c8fc2f5149dd7f7aa0dad1ee8749fe4b567271e510a0d4075d61e26fc174100000000a064dc515255031087dfd1902f2341173cde401f3323a0ea114166666666a6f7033e381541b81e858b799d43ccc231a1ea2a41c3f5285c6f60f4f6371d418fc2f5284cade840678f05eeb1f5407b14ae47808c12d2ec082f751941f6285c0f945528fccad94085eb51b8ae92d940bde3e440f6285c8fc626f34040e0d440764812eba1b4eec7810141db841d4114ae47e13af1f21f05efc8b1f640f2570519140f3869f273bb0500a4b261c7f2233ff004f2dbe34c77b3402fd3fae1ba49d5e54c15cca5b50c3a1daac500b6a4e0bdc70fe61db74ffcda408059f65385f1cc24b64676db26b8dd59ff9402ff4df3fcf8ac150ee5f2101972e561ef0941becb1c8a8299270064b94074be1d26892241517ee8b3f6f7b344b8433003f00c1b54e626412ba8db0b05ff0fc9230ebc40ec51b81e3edd1fb4952730baaaf3d54048e17a14ea6d009ebc7500462111b028c0dbd474d5c13c220a27e2d6f5d08fecc0ca99df7c849b1fd440f6285c8fda50e76f7ff419cdbf2040ddb1d70eba1f06a7a4fda30ff53f39f39999be408400ecca4c0472bf1f03c161610226416ceee4b053f621e50bbc49f69806ea7dfff594b7f4ad31ecc64822419c351c75220081bfc8036703eb617913257af9c31ed71980ba245838ec99f6ef11c7ec17feaa1019480041651f0dd3d4f19e96dc00600c00c2ea3597258032ebf060f800a3ebdc8f97faf3e32d800a79b226144883247f52072b25e06517094e8b2715e534771aa06ce242af03466ff3893000634b05084c27411c1fe1057fff253e74d8480efb2308e2221d264d35f9612ef7ae68f0a8ab14b87e58d9054f9910ef5bb4f6ddcbe37748e3dde5f9dc640de5b8dce16e7df142b05c27e755e3b7db08bdd440717125d177062841713d0ad7cbf1f5c25534d91ca9e8e773ea129be18f08f389e49949e37e09e790f7dca80ae06c0fd7cee8e49eb6e8b880e2fc8be34074e5d089d65ca714b0e99a8bd2fe5ee52a02e819d9ea2f7dda85ab97e84a2ad86bddd8e3fae6a979dca0add18aa4e8c65fe29ae178b8e88722de4c20e61848d5f887d35ed7e11aebe28c27e9732ed955ff83c6dceef7d7d1b8e50de72494f8c4fe7d3aea6206e24040cacf66e9fb9ed0db895be8f19de93c56df0d71e5a7dce661a6cd6470e2b5ead0e5c4e4408104a8210845abca685263630c310409c591a6d60311e0e0764b221a986fb8bbe7d8124f63e71112462266dc2bb3bf3edcf101c33981ecfaacb372f9734b83573b67945b998d2fafc0dcd6347f16266dc69e0cc30a07bfc7a2ebb974da46f94198cee7d24d586d8ab34574110d7edbc159a8a5ddf7c5f381e93c16b0ddc5c96985b73b7213e768f7157375917a37073e0cd699c5e84ed7d76037a36dd1e386ab9ac14b1c2c31f6b209acdfddde693583b2ff09bb61cf23b36eb14ff7d1faa53d08db245ffc366c5213c7c8bd1dbff5f2efebbaf3a8b11964ff57e1439939ee8fbf1b2b1873265663bcd00bd74cec860df3e86eccfbdcb2af2cc2d85a1c0a7d6fdb766c63ded0ca13a71e2f6d445fb219c0be435807eefa332d7628ad3af6366fd352df719e0d3568786906cc077ddf745abd6d5dc2397782656712e2d1ee64f62b5e0f6bbfc2f1af6e4b31ed424bb6bbbee18d4e8b781c3a7476709b6dc5d02bb44bd761ef585c1b43164ec48ddb97914e2f2da2dd3065262bdca48199eb30e817686a9919e5185cc0a45cb037f61e6c9edd08b9807660d68df3cdc489040b3e31ab2f77cac04780730b5bc3d0e657ad5d0f55150015fc2415b6072c15cc04150015061506000028b52ffd603e088d0e0026e3600a10f86c07ffff3f5a3205590058005900430a1924903ffad8238f3bea98238e37da58238d33ca18238c2fbad8228b2baa98228a279a582289238a1822881f7ad821871b6a982186175a582185134a1821840f3ad820830b2a982082071a582081030a08204001ca1e201345f450430b257450410305f44f3ffbe4734f3df3c4f34e3beba4734e39e384f34d37db64734d35d344f34c33cb24734c31c304f34b2fbbe4724b2db3c4f24a2baba4724a29a384f249279b647249259344f248238b2432d03eeb6cb3cc2eab6cb2c81e6b6cb1c40e2b6cb0c0feea6bafbceeaa6baeb8de6a6badb4ce2a6bacb0beea6aabacaeaa6aaaa89e6a6aa9a48e2a6aa8a07eea69a79c6eaa69a6985e6a69a5944e2a69a4903eea68a38c2eaa28ff5f091223448400f1c143070e1b3464c070c142050a13244480f0c04103060b14244070c040010203040400f0f76fbffceeab6fbef8de6b6fbdf4ce2b6fbcf0beeb6ebbecaeab6ebae89e6b6eb9e48e2b6eb8e07eeb6db7dc6eab6db6d85e6b6db5d44e2b6db4018127a82124bd39e10b1d112008f7034bd3344dd3344dd3344dd3689aa6699aa6699aa6699aa6d1344dd330cdaa69118000000000000000000000000000000000c0d01e004805f0abcad42a1500151c152e2c15cc04150015061506000028b52ffd200e71000003000000cc040003000000cc04001500151c152e2c15cc04150015061506000028b52ffd200e71000003000000cc040003000000cc04001500151c152e2c15cc04150015061506000028b52ffd200e71000003000000cc040003000000cc04001500151c152e2c15cc04150015061506000028b52ffd200e71000003000000cc040003000000cc04001500151c152e2c15cc04150015061506000028b52ffd200e71000003000000cc040003000000cc04001500151c152e2c15cc04150015061506000028b52ffd200e71000003000000cc040003000000cc040015401c1c00001c1c00001c1c000000000100000000000400080000080000000000040020000000000000200100000015401c1c00001c1c00001c1c0000000401000000200480004001400022100000280004002200010800500000c0400015401c1c00001c1c00001c1c00000004004040110010000800120000020401000020480000a400004802000016000015401c1c00001c1c00001c1c000000008000000400000000040000000000080000200000020000000000100000000215401c1c00001c1c00001c1c00000089a28900828211201032808db238004812b401c20242119d2e401880206290c815401c1c00001c1c00001c1c000000410880c8c001016704c9910280800506090084f0921cd000e04044176442882015401c1c00001c1c00001c1c000000000082000000440000400008100020000400001000008200000000210004100015401c1c00001c1c00001c1c0000008010000000000101100000800200001000010200000000c0000280000100000015401c1c00001c1c00001c1c000000100002110002402244000402012202000000288290040100008015000144000115401c1c00001c1c00001c1c0000000084402000c0140000002029008444001008210005100800001060028040004215401c1c00001c1c00001c1c000000820010180004208c600040240010aa000004224020089000410800220800409815401c1c00001c1c00001c1c000000000800000020000000000020000400000010000000000100004000000040000015401c1c00001c1c00001c1c000000000002000000080000800000800000000000004000800000002000000040000015401c1c00001c1c00001c1c0000005813c29b3413a2e17a5241492159728b56ef09200b83161a3152c9bc412c2eb815401c1c00001c1c00001c1c000000000000100000020000000008000002000400000000010000000000040000008015401c1c00001c1c00001c1c00000066b245218b16cc02a211c8ce121105bf8da1854e0505d1b5878aa8ca66f0609415401c1c00001c1c00001c1c0000000100000000000002200000000000001001000000001000000000200000000100150219fc293500180d6475636b64625f736368656d61153c001504250218046c696e65252400150c2502180b636f6e74726163745f6964250000150c2502180f636f6e74726163745f6e756d626572250000150c2502180e70726f636573735f6e756d626572250000150c250218046b696e64250000150c250218086d6f64616c697479250000150c2502180b6c6567616c5f6261736973250000150c25021806737461747573250000150c2502180b737570706c6965725f6964250000150c2502180d737570706c6965725f6e616d65250000150c2502180862757965725f6964250000150c2502180a62757965725f6e616d65250000150c25021807756e69745f6964250000150c25021809756e69745f6e616d65250000150c250218066f626a656374250000150c2502180863617465676f7279250000150c250218046974656d250000150c2502180f756e69745f6f665f6d6561737572652500001502250218097369676e65645f6174250c0015022502180873746172745f6174250c00150225021806656e645f6174250c00150a2502180d696e697469616c5f76616c756500150a2502180b66696e616c5f76616c756500150a2502180a756e69745f707269636500150a2502180f7265666572656e63655f707269636500150a250218087175616e7469747900150c2502180863757272656e6379250000150a2502180576616c7565003502180c736f757263655f6c696e65731502150600350418046c697374150200150425021807656c656d656e74252400350218056974656d731502150600350418046c69737415020035021807656c656d656e74150c00150c250218046974656d250000150c250218096974656d5f636f6465250000150c2502180f756e69745f6f665f6d656173757265250000150a250218087175616e7469747900150a2502180a756e69745f707269636500150a2502180f7265666572656e63655f70726963650016cc04191c19fc2326001c15041915001918046c696e65150c16cc0416962516c80726083c180827010000000000001808020000000000000016002808270100000000000018080200000000000000111100000026001c150c19150019180b636f6e74726163745f6964150c16cc0416923c16d60526d0073c1809303239342f323032341809303030312f3230323216002809303239342f323032341809303030312f32303232111100000026001c150c19150019180f636f6e74726163745f6e756d626572150c16cc0416923c16d60526a60d3c1809303239342f323032341809303030312f3230323216002809303239342f323032341809303030312f32303232111100000026001c150c19150019180e70726f636573735f6e756d626572150c16cc0416f64916f60526fc123c180c50412d313239332f32303234180c50412d313030302f323032321600280c50412d313239332f32303234180c50412d313030302f32303232111100000026001c150c1915041918046b696e64150c16cc04166c16900126b61926f2181c1808436f6e747261746f1808436f6e747261746f160016021808436f6e747261746f1808436f6e747261746f11110026bcd301155e000026001c150c1915041918086d6f64616c697479150c16cc0416c80216dc02269e1b26821a1c180750726567c3a36f180d436f6e636f7272c3aa6e63696116001606180750726567c3a36f180d436f6e636f7272c3aa6e636961111100269ad401155e000026001c150c19150419180b6c6567616c5f6261736973150c16cc04168c0316cc0226ea1d26de1c1c181a4c65692031342e3133332f32303231206172742e20373520494918194c65692031342e3133332f32303231206172742e203238204916001606181a4c65692031342e3133332f32303231206172742e20373520494918194c65692031342e3133332f32303231206172742e203238204911110026f8d401155e000026001c150c191504191806737461747573150c16cc04166a168e0126ec1f26aa1f1c1807566967656e74651807566967656e7465160016021807566967656e74651807566967656e746511110026d6d501155e000026001c150c19150419180b737570706c6965725f6964150c16cc0416c20716f60426a62226b8201c180e3030313030333333303030313932180e303031303030303030303031363316001614180e3030313030333333303030313932180e303031303030303030303031363311110026b4d601155e000026001c150c19150419180d737570706c6965725f6e616d65150c16cc0416b40a16a00726c62926ae251c18235472616e73706f7274657320436f6d65746120496d6167696ec3a172696f204c746461181e416c696d656e746f7320506f6d61722046696374c3ad63696f204c7464611600161418235472616e73706f7274657320436f6d65746120496d6167696ec3a172696f204c746461181e416c696d656e746f7320506f6d61722046696374c3ad63696f204c7464611111002692d701155e000026001c150c19150419180862757965725f6964150c16cc0416a00216a60226b42d26ce2c1c180e3030393030303031303030313932180e303039303030303030303031343816001604180e3030393030303031303030313932180e303039303030303030303031343811110026f0d701155e000026001c150c19150419180a62757965725f6e616d65150c16cc0416800316fc0226b03026f42e1c182650726566656974757261204d756e69636970616c2064652056696c612046696374c3ad6369611824436f6d70616e686961206465204f627261732064652056696c612046696374c3ad63696116001604182650726566656974757261204d756e69636970616c2064652056696c612046696374c3ad6369611824436f6d70616e686961206465204f627261732064652056696c612046696374c3ad63696111110026ced801155e000026001c150c191504191807756e69745f6964150c16cc0416a60416960326c83226f0311c18063938303030341806393830303031160016081806393830303034180639383030303111110026acd901155e000026001c150c191504191809756e69745f6e616d65150c16cc0416ae05168a0426d2362686351c181453656372657461726961206465205361c3ba6465181b44697265746f72696120646520506176696d656e7461c3a7c3a36f16001608181453656372657461726961206465205361c3ba6465181b44697265746f72696120646520506176696d656e7461c3a7c3a36f111100268ada01155e000026001c150c1915001918066f626a656374150c16cc0416d8870216ea192690393c182d5365727669c3a76f7320646520766967696cc3a26e6369612070617472696d6f6e69616c2c206c6f74652039351836417175697369c3a7c3a36f20646520636f6d70757461646f7265732070617261206173206573636f6c6173206d756e696369706169731600282d5365727669c3a76f7320646520766967696cc3a26e6369612070617472696d6f6e69616c2c206c6f74652039351836417175697369c3a7c3a36f20646520636f6d70757461646f7265732070617261206173206573636f6c6173206d756e69636970616973111100000026001c150c19150419180863617465676f7279150c16cc0416f40416ea0326c05426fa521c18095365727669c3a76f731807436f6d707261731600160a18095365727669c3a76f731807436f6d7072617311110026e8da01155e000026001c150c1915041918046974656d150c16cc04168c0216920226885826e4561c1837506170656c2073756c6669746520413420373520672f6dc2b22c206272616e636f2c207265736d6120636f6d2035303020666f6c6861731837506170656c2073756c6669746520413420373520672f6dc2b22c206272616e636f2c207265736d6120636f6d2035303020666f6c68617316ac0416021837506170656c2073756c6669746520413420373520672f6dc2b22c206272616e636f2c207265736d6120636f6d2035303020666f6c6861731837506170656c2073756c6669746520413420373520672f6dc2b22c206272616e636f2c207265736d6120636f6d2035303020666f6c68617311110026c6db01155e000026001c150c19150419180f756e69745f6f665f6d656173757265150c16cc0416a60116ac0126b45926f6581c18055245534d4118055245534d4116ac04160218055245534d4118055245534d4111110026a4dc01155e000026001c15021915001918097369676e65645f6174150c16cc0416e612169c0926a25a3c1804764e00001804344a000016002804764e00001804344a0000111100000026001c150219150019180873746172745f6174150c16cc0416e612169c0926be633c1804764e00001804344a000016002804764e00001804344a0000111100000026001c1502191500191806656e645f6174150c16cc0416e61216a80a26da6c3c1804df4f00001804244b000016002804df4f00001804244b0000111100000026001c150a19150019180d696e697469616c5f76616c7565150c16cc0416962516aa182682773c180852b81ec5a8d23b4118080000000000a4b2401600280852b81ec5a8d23b4118080000000000a4b240111100000026001c150a19150019180b66696e616c5f76616c7565150c16cc0416962516a01826ac8f013c1808b81e858b799d434118080000000000a4b24016002808b81e858b799d434118080000000000a4b240111100000026001c150a19150419180a756e69745f7072696365150c16cc0416d80516940326d4a90126cca7011c18089a999999993951401808c3f5285c8f02374016ac04162018089a999999993951401808c3f5285c8f0237401111002682dd01155e000026001c150a19150419180f7265666572656e63655f7072696365150c16cc0416a40116aa01269cab0126e0aa011c180800000000000039401808000000000000394016ac041602180800000000000039401808000000000000394011110026e0dd01155e000026001c150a1915041918087175616e74697479150c16cc0416d80516c20226c0ad01268aac011c18080000000000e075401808000000000000694016ac04162018080000000000e075401808000000000000694011110026bede01155e000026001c150c19150419180863757272656e6379150c16cc0416621686012686af0126ccae011c180342524c180342524c16001602180342524c180342524c111100269cdf01155e000026001c150a19150019180576616c7565150c16cc0416962516a01826d2af013c1808b81e858b799d434118080000000000a4b24016002808b81e858b799d434118080000000000a4b240111100000026001c150419150019380c736f757263655f6c696e6573046c69737407656c656d656e74150c16cc0416a42516de0726f2c7013c180827010000000000001808020000000000000016002808270100000000000018080200000000000000111100000026001c150c1915001948056974656d73046c69737407656c656d656e74046974656d150c16cc041640165226d0cf013c36cc0400000026001c150c1915001948056974656d73046c69737407656c656d656e74096974656d5f636f6465150c16cc041640165226a2d0013c36cc0400000026001c150c1915001948056974656d73046c69737407656c656d656e740f756e69745f6f665f6d656173757265150c16cc041640165226f4d0013c36cc0400000026001c150a1915001948056974656d73046c69737407656c656d656e74087175616e74697479150c16cc041640165226c6d1013c36cc0400000026001c150a1915001948056974656d73046c69737407656c656d656e740a756e69745f7072696365150c16cc04164016522698d2013c36cc0400000026001c150a1915001948056974656d73046c69737407656c656d656e740f7265666572656e63655f7072696365150c16cc041640165226ead2013c36cc040000001690fd0516cc04260816b4d3010028284475636b44422076657273696f6e2076312e352e3520286275696c6420643863646161333366642919fc231c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c000000bb11000050415231');
INSERT INTO public.dataset_chunks VALUES ('4f9ea725-1152-43b2-8c55-fff0fa033886', 0, 0, '\x504152311500157c15582c150e150015061506000028b52ffd203e1d0100d0020000000e0102000300040005000600070008000000000000000614000318638cb9150015a601156e2c150e150015061506000028b52ffd2053750100f8020000000e010700000030352f323032343831353832353839392f323032340600a008b0111406760325fa2a4b150015a601156e2c150e150015061506000028b52ffd2053750100f8020000000e010700000030352f323032343831353832353839392f323032340600a008b0111406760325fa2a4b1500158802155c2c150e150015061506000028b52ffd20842d0100e0020000000e010e0000003132333435363738303030313935303139310200b84db035cd31150015fc01157e2c150e150015061506000028b52ffd207eb50100e402020000000e010c00000041c3a761c3ad20262043696114000000506170656c617269612053c3a36f204a6fc3a36f01007ad0d9041504151c152e4c15021500000028b52ffd200e7100000a000000507265666569747572611500151215242c150e150415061506000028b52ffd2009490000020000000e01010e00150015f0031586022c150e150015061506000028b52ffd20f8d503009287191f902b1dbf5a53bb3b65e2252d1171466d727b211f5ac29a74e3d0bfd6504b010784953967b415a4613e0f499359b6e4b3accb3a3a455b827ad26faee227a745902172dec73b7e6a0c6dd1b6805979099f65397c75280dd31f8a9ffc091ec41a6d0d8041db40050045dda064b2714a95e4a600d8b6e0011500154415562c150e150015061506000028b52ffd2022110100020000000e014b4d00004e4d00006a4d00006d4d0000884d00008b4d0000c24d00001500150c151e2c150e150015061506000028b52ffd2006310000020000000e001500150c151e2c150e150015061506000028b52ffd2006310000020000000e001500157c15542c150e150015061506000028b52ffd203e0d0100b8020000000e0100000000c094f44000ff4069f5008a93400300e01840c6c615251504150e15204c15021500000028b52ffd20073900000300000042524c1500151215242c150e150415061506000028b52ffd2009490000020000000e01010e001500157c15542c150e150015061506000028b52ffd203e0d0100b8020000000e0100000000c094f44000ff4069f5008a93400300e01840c6c615251500158801156a2c150e150015061506000028b52ffd2044650100c8020000000e000303000400050006000700080000000000000008006060303018180c0c064104889bab140115001518152a2c150e150015061506000028b52ffd200c610000020000000e00020000000e0015001518152a2c150e150015061506000028b52ffd200c610000020000000e00020000000e0015001518152a2c150e150015061506000028b52ffd200c610000020000000e00020000000e0015001518152a2c150e150015061506000028b52ffd200c610000020000000e00020000000e0015001518152a2c150e150015061506000028b52ffd200c610000020000000e00020000000e0015001518152a2c150e150015061506000028b52ffd200c610000020000000e00020000000e0015401c1c00001c1c00001c1c000000000040000001000080000000000000014000000040000000000008000004000015401c1c00001c1c00001c1c0000000100000000000002200000000000001001000000001000000000200000000100150219fc1a3500180d6475636b64625f736368656d61151e001504250218046c696e65252400150c2502180b636f6e74726163745f6964250000150c2502180f636f6e74726163745f6e756d626572250000150c2502180b737570706c6965725f6964250000150c2502180d737570706c6965725f6e616d65250000150c2502180a62757965725f6e616d65250000150c250218066f626a6563742500001502250218097369676e65645f6174250c00150225021806656e645f6174250c00150a2502180d696e697469616c5f76616c756500150a2502180b66696e616c5f76616c756500150c2502180863757272656e6379250000150a2502180576616c7565003502180c736f757263655f6c696e65731502150600350418046c697374150200150425021807656c656d656e74252400350218056974656d731502150600350418046c69737415020035021807656c656d656e74150c00150c250218046974656d250000150c250218096974656d5f636f6465250000150c2502180f756e69745f6f665f6d656173757265250000150a250218087175616e7469747900150a2502180a756e69745f707269636500150a2502180f7265666572656e63655f707269636500160e191c19fc1426001c15041915001918046c696e65150c160e169e01167a26083c180808000000000000001808020000000000000016002808080000000000000018080200000000000000111100000026001c150c19150019180b636f6e74726163745f6964150c160e16ca011692012682013c180739392f32303234180730352f323032341600280739392f32303234180730352f32303234111100000026001c150c19150019180f636f6e74726163745f6e756d626572150c160e16ca011692012694023c180739392f32303234180730352f323032341600280739392f32303234180730352f32303234111100000026001c150c19150019180b737570706c6965725f6964150c160e16ac0216800126a6033c180e3132333435363738303030313935180e30303030303030303030303139311600280e3132333435363738303030313935180e3030303030303030303030313931111100000026001c150c19150019180d737570706c6965725f6e616d65150c160e16a00216a20126a6043c1814506170656c617269612053c3a36f204a6fc3a36f180c41c3a761c3ad20262043696116002814506170656c617269612053c3a36f204a6fc3a36f180c41c3a761c3ad202620436961111100000026001c150c19150419180a62757965725f6e616d65150c160e166a168e0126900626c8051c180a50726566656974757261180a5072656665697475726116001602180a50726566656974757261180a5072656665697475726111110026bc12155e000026001c150c1915001918066f626a656374150c160e16960416ac0226d6063c18265265666f726d6120646120717561647261206461206573636f6c612053c3a36f204a6f73c3a9181e4c6f6361c3a7c3a36f20646520c3b46e69627573206573636f6c61726573160028265265666f726d6120646120717561647261206461206573636f6c612053c3a36f204a6f73c3a9181e4c6f6361c3a7c3a36f20646520c3b46e69627573206573636f6c61726573111100000026001c15021915001918097369676e65645f6174150c160e166616782682093c1804c24d000018044b4d000016002804c24d000018044b4d0000111100000026001c1502191500191806656e645f6174150c160e162e164026fa093c360e00000026001c150a19150019180d696e697469616c5f76616c7565150c160e162e164026ba0a3c360e00000026001c150a19150019180b66696e616c5f76616c7565150c160e169e01167626fa0a3c1808000000004069f540180800000000008a934016002808000000004069f540180800000000008a9340111100000026001c150c19150419180863757272656e6379150c160e165c16800126aa0c26f00b1c180342524c180342524c16001602180342524c180342524c111100269a13155e000026001c150a19150019180576616c7565150c160e169e01167626f00c3c1808000000004069f540180800000000008a934016002808000000004069f540180800000000008a9340111100000026001c150419150019380c736f757263655f6c696e6573046c69737407656c656d656e74150c160e16ac01168e0126e60d3c180808000000000000001808020000000000000016002808080000000000000018080200000000000000111100000026001c150c1915001948056974656d73046c69737407656c656d656e74046974656d150c160e163a164c26f40e3c360e00000026001c150c1915001948056974656d73046c69737407656c656d656e74096974656d5f636f6465150c160e163a164c26c00f3c360e00000026001c150c1915001948056974656d73046c69737407656c656d656e740f756e69745f6f665f6d656173757265150c160e163a164c268c103c360e00000026001c150a1915001948056974656d73046c69737407656c656d656e74087175616e74697479150c160e163a164c26d8103c360e00000026001c150a1915001948056974656d73046c69737407656c656d656e740a756e69745f7072696365150c160e163a164c26a4113c360e00000026001c150a1915001948056974656d73046c69737407656c656d656e740f7265666572656e63655f7072696365150c160e163a164c26f0113c360e00000016e016160e260816b4120028284475636b44422076657273696f6e2076312e352e3520286275696c6420643863646161333366642919fc141c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c0000004c08000050415231');


INSERT INTO public.datasets VALUES ('sample', 'sample', NULL, 'ready', 1, 294, 0, 18880, '{"contract_id":"numero_contrato","contract_number":"numero_contrato","process_number":"processo","kind":"tipo","modality":"modalidade","legal_basis":"fundamento_legal","status":"situacao","supplier_id":"cnpj_fornecedor","supplier_name":"fornecedor","buyer_id":"cnpj_orgao","buyer_name":"orgao","unit_id":"codigo_ug","unit_name":"nome_ug","object":"objeto","category":"categoria","item":"item","unit_of_measure":"unidade_medida","signed_at":"data_assinatura","start_at":"data_inicio_vigencia","end_at":"data_fim_vigencia","initial_value":"valor_inicial","final_value":"valor_final","unit_price":"valor_unitario","reference_price":"preco_referencia","quantity":"quantidade"}', '[]', '[]', 1796019638320, 294, 0, '{"BRL":294}', '{"format":"csv","delimiter":";","title_lines":0,"sheet":null,"encoding":"utf-8"}', '[]');
INSERT INTO public.datasets VALUES ('4f9ea725-1152-43b2-8c55-fff0fa033886', 'prefeitura.csv', 'be24a417-9935-471b-b2ca-23e80b051ce5', 'ready', 0, 7, 0, 3408, '{"contract_id":"Número","contract_number":"Número","supplier_id":"CNPJ","supplier_name":"Fornecedor","buyer_name":"Órgão","object":"Objeto","signed_at":"Data de assinatura","final_value":"Valor"}', '[]', '[]', 1796019649200, 7, 0, '{"BRL":7}', '{"format":"csv","delimiter":";","title_lines":0,"sheet":null,"encoding":"utf-8"}', '[]');


INSERT INTO public.finding_reviews VALUES ('dfe27eeb-7568-4722-b7db-dafe38fb69db', 'c79709d88b20074529e6e71c', 'confirmed', 'seen: confirmed', 'ana', '2026-11-30T06:21:02.400Z');
INSERT INTO public.finding_reviews VALUES ('dfe27eeb-7568-4722-b7db-dafe38fb69db', '8bbba488311749d9e8f68855', 'dismissed', 'seen: dismissed', 'ana', '2026-11-30T06:21:02.516Z');


INSERT INTO public.investigations VALUES ('d4128564-f8fd-44f9-9d70-b91456a36965', '245c4973-ecd6-4cf8-8bf4-3c3342e3154e', 'be24a417-9935-471b-b2ca-23e80b051ce5', 'tudo', '{"query":"tudo","data_source":"pncp","filters":{},"anomaly_types":["price_deviation","payment_pattern","duplicate_contract","split_purchase","vendor_concentration","temporal_pattern","benford_deviation"],"thresholds":{},"include_explanations":true,"language":"pt"}', 'running', NULL, 0, 'collecting_data', 0, 0, 0, '{"done":[],"skipped":[],"warnings":[]}', NULL, 1796019668719, 1796019668803, NULL);
INSERT INTO public.investigations VALUES ('dfe27eeb-7568-4722-b7db-dafe38fb69db', '11d44228-803b-4b3c-a8fa-2f378429b0d9', 'be24a417-9935-471b-b2ca-23e80b051ce5', 'what is unusual here?', '{"query":"what is unusual here?","dataset_id":"4f9ea725-1152-43b2-8c55-fff0fa033886","filters":{},"anomaly_types":["price_deviation","payment_pattern","duplicate_contract","split_purchase","vendor_concentration","temporal_pattern","benford_deviation"],"thresholds":{},"include_explanations":true,"language":"pt"}', 'completed', '4f9ea725-1152-43b2-8c55-fff0fa033886', 100, 'consolidating', 7, 7, 3, '{"done":["price_deviation","payment_pattern","duplicate_contract","split_purchase","vendor_concentration","temporal_pattern","benford_deviation"],"skipped":[{"anomaly_type":"price_deviation","lack":"unit_price"},{"anomaly_type":"payment_pattern","lack":"initial_value"},{"anomaly_type":"split_purchase","lack":"waiver"},{"anomaly_type":"benford_deviation","code":"few_values","facts":{"values":500}}],"warnings":[]}', '{"total_anomalies":3,"by_type":{"duplicate_contract":3},"by_severity":{"medium":3},"records_processed":7,"risk_score":1.1,"skipped":[{"anomaly_type":"price_deviation","reason":"os dados não têm preço unitário","code":"lacks_unit_price"},{"anomaly_type":"payment_pattern","reason":"os dados não têm valor inicial","code":"lacks_initial_value"},{"anomaly_type":"split_purchase","reason":"os dados não têm modalidade nem fundamento legal","code":"lacks_waiver"},{"anomaly_type":"benford_deviation","reason":"menos de 500 valores positivos","code":"few_values"}],"warnings":[],"execution_time":"6.2s","duration_ms":6176,"timestamp":"2026-11-30T06:21:01.475Z"}', 1796019655031, 1796019655252, 1796019661556);


INSERT INTO public.kysely_migration VALUES ('2026-11-21-spine', '2026-11-30T06:20:32.099Z');
INSERT INTO public.kysely_migration VALUES ('2026-11-22-audit-seal', '2026-11-30T06:20:32.306Z');
INSERT INTO public.kysely_migration VALUES ('2026-11-23-downloads', '2026-11-30T06:20:32.373Z');
INSERT INTO public.kysely_migration VALUES ('2026-11-24-audit-outbox', '2026-11-30T06:20:32.435Z');
INSERT INTO public.kysely_migration VALUES ('2026-11-24-chat', '2026-11-30T06:20:32.565Z');
INSERT INTO public.kysely_migration VALUES ('2026-11-25-conversation-channel', '2026-11-30T06:20:32.591Z');
INSERT INTO public.kysely_migration VALUES ('2026-11-29-dataset-lines', '2026-11-30T06:20:32.626Z');
INSERT INTO public.kysely_migration VALUES ('2026-11-29-finding-facts', '2026-11-30T06:20:32.631Z');
INSERT INTO public.kysely_migration VALUES ('2026-11-29-stream-language', '2026-11-30T06:20:32.639Z');
INSERT INTO public.kysely_migration VALUES ('2026-11-29-unique-message-ids', '2026-11-30T06:20:32.653Z');
INSERT INTO public.kysely_migration VALUES ('2026-11-29-verdicts-on-findings', '2026-11-30T06:20:32.679Z');
INSERT INTO public.kysely_migration VALUES ('2026-11-30-stream-trace', '2026-11-30T06:20:32.688Z');


INSERT INTO public.kysely_migration_lock VALUES ('migration_lock', 0);


INSERT INTO public.models VALUES (1, 'be24a417-9935-471b-b2ca-23e80b051ce5', 'Rules', 'local', 'local', 1796019662804);


INSERT INTO public.prompts VALUES (1, 'be24a417-9935-471b-b2ca-23e80b051ce5', 'Gasto', 'Quanto gastou {{body}}?', 1, NULL, NULL, 1796019663058);


INSERT INTO public.refresh_tokens VALUES ('312121ace338bb0ff0c7da8e516b854f126a13cb5412622761da8a52a9ff4a4b', '2f5997ea-fe41-4f5e-90be-5d778a0c9d68', '079a9bbf-207b-45fa-bdab-fceebe569d4b', 1798611643997, NULL, NULL);
INSERT INTO public.refresh_tokens VALUES ('584293b8165869ac14f55da7fdb829215b56f56e77766eda2bc676dd05fc00ac', '0654eefa-4994-4be7-b49b-a7229bfd000c', 'be24a417-9935-471b-b2ca-23e80b051ce5', 1798611645776, NULL, NULL);
INSERT INTO public.refresh_tokens VALUES ('fae8d46dec3bdddaf679ed773e9fded54ca78af846e479e578afeb03f933a282', '6c789f22-da15-403a-a366-795e7e4a06a4', '602a5f44-47fc-4034-b460-a433ae0e7259', 1798611645776, NULL, NULL);
INSERT INTO public.refresh_tokens VALUES ('0aaf41e0ff017de7fae6641b134d1f3e547b50d47016b78066d08492416ec5d2', '396a286a-3db8-43b0-83fa-e7af731cab63', '66a4c175-bf94-448a-8814-c969c89da378', 1798611646027, NULL, NULL);
INSERT INTO public.refresh_tokens VALUES ('5ea94a79ad20a9c59b58ff1cc49b6eb369e37be528a0dc2fe67a4d45e0419fac', 'e699d1c7-b040-41ce-a3d5-8ff28db16103', '8cf3a40c-881a-4b66-a7e0-e9550309fff1', 1798611646047, NULL, NULL);


INSERT INTO public.shares VALUES ('chat', 'talk', '66a4c175-bf94-448a-8814-c969c89da378', 1796019654448);
INSERT INTO public.shares VALUES ('investigation', 'dfe27eeb-7568-4722-b7db-dafe38fb69db', '*', 1796019662642);


INSERT INTO public.streams VALUES ('646703e7-6ffe-4d55-ab9a-9a44a8a5f5ab', 'chat', 'chat:talk:8ba98fd34b9e018e', 'be24a417-9935-471b-b2ca-23e80b051ce5', 'completed', 'vm-21304-585be2f7', 1796019659092, 1, 'cancel', 0, 'e7d3f47ea2124ab9', '{"type":"complete","stream_id":"646703e7-6ffe-4d55-ab9a-9a44a8a5f5ab","session_id":"talk","message_id":"6da767d4-6b01-42f8-bbe0-b9fa90971ecb","agent_id":"anita","provider":"local","model":null,"total_tokens":207,"usage":{"prompt_tokens":5,"completion_tokens":202,"cost_usd":0},"finish_reason":"stop","duration_ms":3861,"ttft_ms":3770,"suggested_actions":["Quais fornecedores dominam o dataset prefeitura.csv?","Quais são os maiores contratos?","Investigue o dataset prefeitura.csv"]}', 'e7d3f47ea2124ab9', 9, 1796019649425, 1796019653280, NULL, 0, 'en', NULL);
INSERT INTO public.streams VALUES ('5673a915-dbe1-43d1-be94-28b8e385c7a5', 'chat', 'chat:talk:8ba98fd34b9e018e', 'be24a417-9935-471b-b2ca-23e80b051ce5', 'completed', 'vm-21304-585be2f7', 1796019659434, 1, 'cancel', 0, 'e7d3f47ea2124ab9', '{"type":"complete","stream_id":"5673a915-dbe1-43d1-be94-28b8e385c7a5","session_id":"talk","message_id":"916b3e1a-5fca-47af-ae1d-d11cf2837940","agent_id":"drummond","provider":"xai","model":"grok","total_tokens":10,"usage":{"prompt_tokens":7,"completion_tokens":3,"cost_usd":0},"finish_reason":"stop","duration_ms":439,"ttft_ms":280,"suggested_actions":["Quais dados você tem?","Quais fornecedores dominam o dataset sample?","Investigue o dataset sample"]}', 'e7d3f47ea2124ab9', 17, 1796019653433, 1796019653863, NULL, 9, 'en', NULL);
INSERT INTO public.streams VALUES ('11d44228-803b-4b3c-a8fa-2f378429b0d9', 'investigation', 'investigation:dfe27eeb-7568-4722-b7db-dafe38fb69db', 'be24a417-9935-471b-b2ca-23e80b051ce5', 'completed', 'vm-21304-585be2f7', 1796019666637, 1, 'continue', 0, '1c31d30dda794e66', '{"type":"complete","investigation_id":"dfe27eeb-7568-4722-b7db-dafe38fb69db","total_anomalies":3,"by_type":{"duplicate_contract":3},"by_severity":{"medium":3},"records_processed":7,"risk_score":1.1,"skipped":[{"anomaly_type":"price_deviation","reason":"os dados não têm preço unitário","code":"lacks_unit_price"},{"anomaly_type":"payment_pattern","reason":"os dados não têm valor inicial","code":"lacks_initial_value"},{"anomaly_type":"split_purchase","reason":"os dados não têm modalidade nem fundamento legal","code":"lacks_waiver"},{"anomaly_type":"benford_deviation","reason":"menos de 500 valores positivos","code":"few_values"}],"warnings":[],"execution_time":"6.2s","duration_ms":6176,"timestamp":"2026-11-30T06:21:01.475Z"}', '1c31d30dda794e66', 18, 1796019655031, 1796019661547, NULL, 0, 'pt', NULL);
INSERT INTO public.streams VALUES ('da0b47e9-4f09-4bdb-8ce1-2e1c8063aba0', 'chat', 'chat:cut:6a9c0cbbdb6c8cea', 'be24a417-9935-471b-b2ca-23e80b051ce5', 'running', 'vm-21304-585be2f7', 1796019674257, 1, 'cancel', 0, 'ba3db10821014f9c', NULL, NULL, NULL, 1796019666818, NULL, NULL, 0, 'en', NULL);
INSERT INTO public.streams VALUES ('245c4973-ecd6-4cf8-8bf4-3c3342e3154e', 'investigation', 'investigation:d4128564-f8fd-44f9-9d70-b91456a36965', 'be24a417-9935-471b-b2ca-23e80b051ce5', 'running', 'vm-21304-585be2f7', 1796019674766, 1, 'continue', 0, '27affd55562243c4', NULL, NULL, NULL, 1796019668719, NULL, NULL, 0, 'pt', NULL);


INSERT INTO public.token_usage VALUES ('be24a417-9935-471b-b2ca-23e80b051ce5', '2026-11-30', 'local', '', 5, 202, 0);
INSERT INTO public.token_usage VALUES ('be24a417-9935-471b-b2ca-23e80b051ce5', '2026-11-30', 'xai', 'grok', 7, 3, 0);


INSERT INTO public.users VALUES ('079a9bbf-207b-45fa-bdab-fceebe569d4b', 'admin', NULL, 'admin', 'scrypt$1024$8$3$7nWFhjIn909eD_NaBefAxQ$Deje8SBNlrVp6Ewe8RBEnZUIVT9o4SsCkjDj8cjT-0A', 0, 0, 1796019640780);
INSERT INTO public.users VALUES ('be24a417-9935-471b-b2ca-23e80b051ce5', 'ana', NULL, 'analyst', 'scrypt$1024$8$3$KBLuq0GmpUG8ukhYTOxk4A$zmXX4Nm7nYkdAQtN7y6cYy9DAjeqmWlTcBiXfFvE4H8', 0, 0, 1796019644524);
INSERT INTO public.users VALUES ('602a5f44-47fc-4034-b460-a433ae0e7259', 'paulo', NULL, 'publisher', 'scrypt$1024$8$3$Mr3Y3GY-AQ8iXxleFWV76w$Bg8ZIqWHH-AlakjggFXBeHMuepJQotAxn4K8XwoMNiY', 0, 0, 1796019644890);
INSERT INTO public.users VALUES ('66a4c175-bf94-448a-8814-c969c89da378', 'leo', NULL, 'viewer', 'scrypt$1024$8$3$YmwDKlow75Ptga38wjoTFQ$pIBl_c7-GVHx8OLtLLWR-i63K0ped7JZKlJeJjxUuSs', 0, 0, 1796019644783);
INSERT INTO public.users VALUES ('8cf3a40c-881a-4b66-a7e0-e9550309fff1', 'rita', NULL, 'auditor', 'scrypt$1024$8$3$e8H3mYqis86aeKaegtjb1Q$Zwn00LeUIw7cs0QVmbeerat5BnniJIKThhp-W3B-VfU', 0, 0, 1796019644811);
INSERT INTO public.users VALUES ('33bf3691-31aa-480c-aec0-5eb9083b0741', 'left', NULL, 'viewer', 'scrypt$1024$8$3$jKFJ927jGIwt-sEZOcuocA$FCENh8TtdW4lzgyXFbmPC4Kj9wyOUoCRvk6mfQ0esSs', 1, 1796019646467, 1796019646283);


SELECT pg_catalog.setval('public.chat_messages_seq_seq', 6, true);


SELECT pg_catalog.setval('public.login_failures_id_seq', 1, false);


SELECT pg_catalog.setval('public.models_id_seq', 1, true);


SELECT pg_catalog.setval('public.prompts_id_seq', 1, true);


ALTER TABLE ONLY public.anomalies
    ADD CONSTRAINT anomalies_pk PRIMARY KEY (investigation_id, anomaly_id);


ALTER TABLE ONLY public.audit_checkpoints
    ADD CONSTRAINT audit_checkpoints_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT audit_events_id_key UNIQUE (id);


ALTER TABLE ONLY public.audit_events
    ADD CONSTRAINT audit_events_pkey PRIMARY KEY (seq);


ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (one);


ALTER TABLE ONLY public.audit_outbox
    ADD CONSTRAINT audit_outbox_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.audit_upkeep
    ADD CONSTRAINT audit_upkeep_pkey PRIMARY KEY (task);


ALTER TABLE ONLY public.chat_messages
    ADD CONSTRAINT chat_messages_pkey PRIMARY KEY (seq);


ALTER TABLE ONLY public.chat_sessions
    ADD CONSTRAINT chat_sessions_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.dataset_chunks
    ADD CONSTRAINT dataset_chunks_pk PRIMARY KEY (dataset_id, part, seq);


ALTER TABLE ONLY public.datasets
    ADD CONSTRAINT datasets_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.finding_reviews
    ADD CONSTRAINT finding_reviews_pk PRIMARY KEY (investigation_id, anomaly_id);


ALTER TABLE ONLY public.investigations
    ADD CONSTRAINT investigations_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.investigations
    ADD CONSTRAINT investigations_stream_id_key UNIQUE (stream_id);


ALTER TABLE ONLY public.kysely_migration_lock
    ADD CONSTRAINT kysely_migration_lock_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.kysely_migration
    ADD CONSTRAINT kysely_migration_pkey PRIMARY KEY (name);


ALTER TABLE ONLY public.login_failures
    ADD CONSTRAINT login_failures_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.models
    ADD CONSTRAINT models_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.prompts
    ADD CONSTRAINT prompts_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (hash);


ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_pk PRIMARY KEY (resource_type, resource_id, user_id);


ALTER TABLE ONLY public.streams
    ADD CONSTRAINT streams_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_pkey PRIMARY KEY (hash);


ALTER TABLE ONLY public.token_usage
    ADD CONSTRAINT token_usage_key PRIMARY KEY (user_id, day, provider, model);


ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_username_key UNIQUE (username);


CREATE UNIQUE INDEX anomalies_seq ON public.anomalies USING btree (investigation_id, seq);


CREATE INDEX audit_checkpoints_seq ON public.audit_checkpoints USING btree (cut, seq);


CREATE INDEX audit_events_event_type ON public.audit_events USING btree (event_type, seq);


CREATE INDEX audit_events_severity ON public.audit_events USING btree (severity, seq);


CREATE INDEX audit_events_timestamp ON public.audit_events USING btree ("timestamp", seq);


CREATE INDEX audit_events_user_id ON public.audit_events USING btree (user_id, seq);


CREATE UNIQUE INDEX chat_messages_id ON public.chat_messages USING btree (session_id, id);


CREATE INDEX chat_messages_session ON public.chat_messages USING btree (session_id, seq);


CREATE INDEX chat_messages_stream ON public.chat_messages USING btree (stream_id);


CREATE UNIQUE INDEX chat_sessions_channel ON public.chat_sessions USING btree (channel);


CREATE INDEX chat_sessions_owner ON public.chat_sessions USING btree (owner, updated_at);


CREATE INDEX datasets_owner ON public.datasets USING btree (owner, created_at);


CREATE INDEX investigations_owner ON public.investigations USING btree (owner, created_at);


CREATE INDEX login_failures_who ON public.login_failures USING btree (username, address, at);


CREATE INDEX prompts_owner ON public.prompts USING btree (owner, id);


CREATE INDEX refresh_tokens_family ON public.refresh_tokens USING btree (family);


CREATE INDEX refresh_tokens_user ON public.refresh_tokens USING btree (user_id);


CREATE INDEX streams_epoch ON public.streams USING btree (epoch, start_offset);


CREATE INDEX streams_lease ON public.streams USING btree (end_offset, lease_until);


CREATE INDEX streams_owner ON public.streams USING btree (owner, started_at);


CREATE INDEX streams_running ON public.streams USING btree (owner, channel) WHERE (state = 'running'::text);


CREATE INDEX tickets_expiry ON public.tickets USING btree (expires_at);


CREATE TRIGGER audit_checkpoints_kept BEFORE DELETE OR UPDATE ON public.audit_checkpoints FOR EACH ROW EXECUTE FUNCTION public.audit_refuse();


CREATE TRIGGER audit_checkpoints_whole BEFORE TRUNCATE ON public.audit_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION public.audit_refuse();


CREATE TRIGGER audit_events_kept BEFORE DELETE ON public.audit_events FOR EACH ROW EXECUTE FUNCTION public.audit_keep();


CREATE TRIGGER audit_events_unchanged BEFORE UPDATE ON public.audit_events FOR EACH ROW EXECUTE FUNCTION public.audit_refuse();


CREATE TRIGGER audit_events_whole BEFORE TRUNCATE ON public.audit_events FOR EACH STATEMENT EXECUTE FUNCTION public.audit_refuse();


ALTER TABLE ONLY public.anomalies
    ADD CONSTRAINT anomalies_investigation_id_fkey FOREIGN KEY (investigation_id) REFERENCES public.investigations(id) ON DELETE CASCADE;


ALTER TABLE ONLY public.chat_messages
    ADD CONSTRAINT chat_messages_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.chat_sessions(id) ON DELETE CASCADE;


ALTER TABLE ONLY public.dataset_chunks
    ADD CONSTRAINT dataset_chunks_dataset_id_fkey FOREIGN KEY (dataset_id) REFERENCES public.datasets(id) ON DELETE CASCADE;


ALTER TABLE ONLY public.datasets
    ADD CONSTRAINT datasets_owner_fkey FOREIGN KEY (owner) REFERENCES public.users(id) ON DELETE CASCADE;


ALTER TABLE ONLY public.finding_reviews
    ADD CONSTRAINT finding_reviews_finding FOREIGN KEY (investigation_id, anomaly_id) REFERENCES public.anomalies(investigation_id, anomaly_id) ON DELETE CASCADE;


ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;


