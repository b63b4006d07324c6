import { ownersIn } from '../identity/owner.ts'

/** Tells who owns a prompt. */
export const promptOwner = ownersIn('prompts', 'prompt', 'numbers')

/** Tells who owns a model. */
export const modelOwner = ownersIn('models', 'model', 'numbers')
