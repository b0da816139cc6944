// Azure Policy for the Key Vaults of one region in every subscription of a management group: deployed once for a region,
// by itself, with COVER_VAULTS_BY_POLICY=false in the environment whose hub it names. See docs/deployment.md.
targetScope = 'managementGroup'

@maxLength(24)
@description('Name of the assignment. At a management group Azure takes 24 characters at most.')
param assignmentName string

@description('Name of the setting that each vault gets.')
param settingName string

@description('Region of the vaults, of the hub, and of the identity of the assignment.')
param location string

@description('Resource id of the authorization rule of the namespace.')
param authorizationRuleId string

@description('Name of the hub.')
param hubName string

var rule = split(authorizationRuleId, '/')
// The same definition, parameters and roles as in modules/vault-policy.bicep, which says more about them.
var definition = '71153be3-4742-4aae-9aec-150f7589311b'

resource assignment 'Microsoft.Authorization/policyAssignments@2024-04-01' = {
  name: assignmentName
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    displayName: 'Key Vault audit logs of ${location} to ${rule[8]}/${hubName}'
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

module settingsWriter 'modules/group-settings-writer.bicep' = {
  name: 'settings-writer-${assignmentName}'
  params: {
    principalId: assignment.identity.principalId
  }
}

module namespaceOwner 'modules/namespace-owner.bicep' = {
  name: 'namespace-owner-${assignmentName}'
  scope: resourceGroup(rule[2], rule[4])
  params: {
    principalId: assignment.identity.principalId
    namespaceName: rule[8]
  }
}
