// Azure Policy gives every Key Vault of the region, present and future, its audit setting to the hub.
// Vaults that exist already get it from a remediation task: see docs/deployment.md.
targetScope = 'subscription'

@maxLength(48)
@description('Name of the assignment.')
param assignmentName string

@description('Name of the setting that each vault gets.')
param settingName string

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
        value: settingName
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

module settingsWriter 'settings-writer.bicep' = {
  name: 'settings-writer-${assignmentName}'
  params: {
    principalId: assignment.identity.principalId
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
