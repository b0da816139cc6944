// Lets the policy's identity name the key of the namespace in the settings that it makes.

@description('Object id of the identity of the policy assignment.')
param principalId string

@description('Name of the Event Hubs namespace.')
param namespaceName string

var eventHubsDataOwner = 'f526a384-b230-433a-b45c-95f59c4a2dec'

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' existing = {
  name: namespaceName
}

resource owner 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: namespace
  name: guid(namespace.id, principalId, eventHubsDataOwner)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', eventHubsDataOwner)
  }
}
