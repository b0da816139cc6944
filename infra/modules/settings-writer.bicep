// Lets the identity of a policy assignment write diagnostic settings in the subscription. The definition asks for this
// role, and for Azure Event Hubs Data Owner, which it gets on the namespace alone.
targetScope = 'subscription'

@description('Object id of the identity of the policy assignment.')
param principalId string

var logAnalyticsContributor = '92aaf0da-9dab-42b6-94a3-d43ce8d16293'

resource writer 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  // With the principal in it: an assignment that was made anew has another one, and a role's principal cannot be changed.
  name: guid(subscription().id, principalId, logAnalyticsContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', logAnalyticsContributor)
  }
}
