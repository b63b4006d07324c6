import { type Area, entry } from '../entry.ts'

/** Says why a prompt or its model is refused. */
export const prompt = {
  model_in_use: {
    en: 'Prompts use this model; give them another one first',
    pt: 'Há prompts que usam este modelo; dê a eles outro antes',
    es: 'Hay prompts que usan este modelo; asígneles otro antes',
  },
  model_gone: {
    en: 'The model of this prompt has just been removed',
    pt: 'O modelo deste prompt acaba de ser removido',
    es: 'El modelo de este prompt acaba de ser eliminado',
  },
  provider_missing: entry<{ name: string; provider: string }>({
    en: ({ name, provider }) => `The model ${name} is asked of ${provider}, which is not configured here`,
    pt: ({ name, provider }) => `O modelo ${name} é pedido a ${provider}, que não está configurado aqui`,
    es: ({ name, provider }) => `El modelo ${name} se pide a ${provider}, que no está configurado aquí`,
  }),
} as const satisfies Area
