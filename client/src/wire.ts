import type { InvestigationEvent as WireInvestigationEvent } from '../../src/protocol/investigation-event.ts'
import type { TurnEvent as WireTurnEvent } from '../../src/protocol/turn-event.ts'

/** Events of a chat turn, as the service publishes them. */
export type TurnEvent = WireTurnEvent
/** Events of an investigation, as the service publishes them. */
export type InvestigationEvent = WireInvestigationEvent
