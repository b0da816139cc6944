// Azure Policy gives every Key Vault of the region, present and future, its audit setting to the hub.
// Vaults that exist already get it from a remediation task: see docs/deployment.md.
targetScope = 'subscription'

@maxLength(64)
@description('Name of the assignment.')
param assignmentName string

@description('Region of the vaults, of the hub, and of the identity of the assignment.')
param location string

@description('Resource id of the authorization rule of the namespace.')
param authorizationRuleId string

@description('Name of the hub.')
param hubName string

@description('Name of the Event Hubs namespace.')
param namespaceName string

@description('Resource group of the namespace.')
param namespaceGroup string

// Built in: "Enable logging by category group for Key vaults (microsoft.keyvault/vaults) to Event Hub", 1.2.0.
// The older one for the same end, ed7c8c13-51e7-49d1-8a43-8490431a0da2, cannot name a hub.
var definition = '71153be3-4742-4aae-9aec-150f7589311b'
// The definition asks for this role, and for Azure Event Hubs Data Owner, which it gets on the namespace alone.
var logAnalyticsContributor = '92aaf0da-9dab-42b6-94a3-d43ce8d16293'

resource assignment 'Microsoft.Authorization/policyAssignments@2024-04-01' = {
  name: assignmentName
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    displayName: 'Key Vault audit logs of ${location} to ${namespaceName}/${hubName}'
    policyDefinitionId: tenantResourceId('Microsoft.Authorization/policyDefinitions', definition)
    parameters: {
      diagnosticSettingName: {
        value: 'certificate-accessed'
      }
      categoryGroup: {
        value: 'audit'
      }
      resourceLocation: {
        value: location
      }
      eventHubAuthorizationRuleId: {
        value: authorizationRuleId
      }
      eventHubName: {
        value: hubName
      }
    }
  }
}

resource settingsWriter 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, assignmentName, logAnalyticsContributor)
  properties: {
    principalId: assignment.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', logAnalyticsContributor)
  }
}

module namespaceOwner 'namespace-owner.bicep' = {
  name: 'namespace-owner-${assignmentName}'
  scope: resourceGroup(namespaceGroup)
  params: {
    principalId: assignment.identity.principalId
    namespaceName: namespaceName
  }
}
