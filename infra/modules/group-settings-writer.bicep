// Lets the identity of a policy assignment write diagnostic settings in the subscriptions of a management group: the same
// as settings-writer.bicep for one subscription. Bicep knows one scope for a file.
targetScope = 'managementGroup'

@description('Object id of the identity of the policy assignment.')
param principalId string

var logAnalyticsContributor = '92aaf0da-9dab-42b6-94a3-d43ce8d16293'

resource writer 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(managementGroup().id, principalId, logAnalyticsContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: tenantResourceId('Microsoft.Authorization/roleDefinitions', logAnalyticsContributor)
  }
}
