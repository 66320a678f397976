/**
 * Open a list of requests: as a list, on a phone as cards and not as an empty column.
 *
 * @param {Object} action the service
 * @param {String} name what it is called
 * @param {Array} domain which ones
 */
export async function showTickets(action, name, domain) {
    const listed = await action.loadAction("pakn_1022.ticket_action_listed");
    return action.doAction({ ...listed, name, display_name: name, domain });
}
