import { type Area, entry } from '../entry.ts'

/** Sentences about credentials, roles and access. */
export const identity = {
  locked_out: entry<{ seconds: number }>({
    en: ({ seconds }, { within }) => `Too many failed logins; try again ${within(seconds)}`,
    pt: ({ seconds }, { within }) => `Tentativas de login demais; tente de novo ${within(seconds)}`,
    es: ({ seconds }, { within }) =>
      `Demasiados intentos de acceso fallidos; inténtelo de nuevo ${within(seconds)}`,
  }),
  refresh_invalid: {
    en: 'The refresh token is not valid; sign in again',
    pt: 'O token de renovação não é válido; entre de novo',
    es: 'El token de renovación no es válido; vuelva a iniciar sesión',
  },
  token_invalid: {
    en: 'The token is not valid; sign in again',
    pt: 'O token não é válido; entre de novo',
    es: 'El token no es válido; vuelva a iniciar sesión',
  },
  token_expired: {
    en: 'The token has expired; sign in again',
    pt: 'O token expirou; entre de novo',
    es: 'El token ha caducado; vuelva a iniciar sesión',
  },
  revoked: {
    en: 'These credentials have been revoked; sign in again',
    pt: 'Estas credenciais foram revogadas; entre de novo',
    es: 'Estas credenciales han sido revocadas; vuelva a iniciar sesión',
  },
  sign_in: {
    en: 'Sign in, or show a token',
    pt: 'Entre, ou apresente um token',
    es: 'Inicie sesión o presente un token',
  },
  bearer: {
    en: 'The Authorization header must be "Bearer <token>"',
    pt: 'O cabeçalho Authorization deve ser "Bearer <token>"',
    es: 'La cabecera Authorization debe ser "Bearer <token>"',
  },
  ticket_used: {
    en: 'The ticket is used, over, or for another path; ask for a new one',
    pt: 'O tíquete já foi usado, venceu ou é de outro caminho; peça um novo',
    es: 'El tique ya se usó, caducó o es de otra ruta; pida uno nuevo',
  },
  wrong_credentials: {
    en: 'Wrong username or password',
    pt: 'Usuário ou senha incorretos',
    es: 'Usuario o contraseña incorrectos',
  },
  last_admin: {
    en: 'This is the last administrator; make another one first',
    pt: 'Este é o último administrador; crie outro antes',
    es: 'Este es el último administrador; cree otro antes',
  },
  user_exists: {
    en: 'There is a user of that name already',
    pt: 'Já existe um usuário com esse nome',
    es: 'Ya existe un usuario con ese nombre',
  },
  name_reserved: { en: 'is reserved', pt: 'é reservado', es: 'está reservado' },
  external_password: {
    en: 'this user signs in with another issuer, and has no password here',
    pt: 'este usuário entra por outro emissor e não tem senha aqui',
    es: 'este usuario entra por otro emisor y no tiene contraseña aquí',
  },
  no_session: {
    en: 'There is no session to end',
    pt: 'Não há sessão a encerrar',
    es: 'No hay sesión que cerrar',
  },
  anothers_token: {
    en: 'belongs to somebody else',
    pt: 'pertence a outra pessoa',
    es: 'pertenece a otra persona',
  },
  name_a_user: {
    en: 'name a user, or say "public": true',
    pt: 'indique um usuário, ou "public": true',
    es: 'indique un usuario, o "public": true',
  },
  nobody: { en: 'is nobody', pt: 'não é ninguém', es: 'no es nadie' },
  role_may_not: entry<{ role: string }>({
    en: ({ role }) => `Your role, ${role}, does not allow that; an administrator can give you another`,
    pt: ({ role }) => `Seu papel, ${role}, não permite isso; um administrador pode lhe dar outro`,
    es: ({ role }) => `Su rol, ${role}, no lo permite; un administrador puede darle otro`,
  }),
  role_reads_only: entry<{ role: string }>({
    en: ({ role }) => `Your role, ${role}, may read here, and not write`,
    pt: ({ role }) => `Seu papel, ${role}, pode ler aqui, mas não escrever`,
    es: ({ role }) => `Su rol, ${role}, puede leer aquí, pero no escribir`,
  }),
  role_exports_not: entry<{ role: string }>({
    en: ({ role }) => `Your role, ${role}, does not export the audit log; auditors do`,
    pt: ({ role }) => `Seu papel, ${role}, não exporta o registro de auditoria; auditores exportam`,
    es: ({ role }) => `Su rol, ${role}, no exporta el registro de auditoría; los auditores sí`,
  }),
  only_role: entry<{ role: string }>({
    en: ({ role }) => `Only for the role ${role}`,
    pt: ({ role }) => `Só para o papel ${role}`,
    es: ({ role }) => `Solo para el rol ${role}`,
  }),
  only_auditors: { en: 'Only for auditors', pt: 'Só para auditores', es: 'Solo para auditores' },
  foreign_origin: entry<{ origin: string | null; host: string }>({
    en: ({ origin, host }) =>
      `The Origin ${origin ?? 'that a browser names'} may not do this: it is neither the Host that arrived here (${host}) nor the one of PUBLIC_URL, and not in CORS_ORIGINS. Behind a proxy, pass the Host on or set PUBLIC_URL`,
    pt: ({ origin, host }) =>
      `A origem ${origin ?? 'indicada pelo navegador'} não pode fazer isto: não é o Host que chegou aqui (${host}) nem o de PUBLIC_URL, e não está em CORS_ORIGINS. Atrás de um proxy, repasse o Host ou defina PUBLIC_URL`,
    es: ({ origin, host }) =>
      `El origen ${origin ?? 'que indica el navegador'} no puede hacer esto: no es el Host que llegó aquí (${host}) ni el de PUBLIC_URL, y no está en CORS_ORIGINS. Detrás de un proxy, transmita el Host o defina PUBLIC_URL`,
  }),
  metrics_loopback: {
    en: 'Metrics are read on loopback, or with METRICS_TOKEN when it is set.',
    pt: 'As métricas são lidas em loopback, ou com METRICS_TOKEN quando definido.',
    es: 'Las métricas se leen en loopback, o con METRICS_TOKEN si está definido.',
  },
  metrics_token: {
    en: 'Metrics are read with the bearer token of METRICS_TOKEN.',
    pt: 'As métricas são lidas com o token de METRICS_TOKEN.',
    es: 'Las métricas se leen con el token de METRICS_TOKEN.',
  },
} as const satisfies Area
