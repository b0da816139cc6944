// Everything between the logs of one subscription and an alert in a queue, for one region.
// More regions: one environment each, see docs/deployment.md.
targetScope = 'subscription'

@minLength(1)
@maxLength(40)
@description('Name of the environment: it names the resource group and makes all other names unique.')
param environmentName string

@minLength(1)
@description('Region of everything here, and of the Key Vaults whose logs come here.')
param location string

@description('Rules that are on, separated by commas.')
param rules string = 'CertificateAccessed,AuditedCertificateRead,CertificateDump'

@description('Path, inside the app, of the YAML file with the access that raises no alert. Empty: none.')
param expectedAccess string = ''

@description('Names of secrets that count as certificates, separated by commas, * for all. Empty: none.')
param certificateSecrets string = ''

@description('Send the Activity Log of the subscription here. Only one region of a subscription should.')
param exportActivityLog bool = true

@description('Let Azure Policy give every Key Vault of this region its AuditEvent setting.')
param coverVaultsByPolicy bool = true

@description('Resource id of one Key Vault of this region that gets a plain setting, for a first try. Empty: none.')
param tryVaultId string = ''

@description('Resource id of the Key Vault that holds the address of the Teams webhook. Empty: Teams is off.')
param teamsVaultId string = ''

@description('Name of the secret with the address of the Teams webhook.')
param teamsSecretName string = 'teams-webhook'

@description('Object id of someone who may read and delete messages of the alerts queue, and nothing else. Empty: nobody.')
param alertsReaderId string = ''

@allowed(['ServicePrincipal', 'User', 'Group'])
@description('What the reader of the alerts queue is.')
param alertsReaderType string = 'ServicePrincipal'

@description('Mail address for alarms. Empty: they show in the portal only.')
param alarmEmail string = ''

@secure()
@description('Address that a Logic App posts every alert to. Empty: there is no Logic App.')
param forwardUrl string = ''

@description('Application settings beyond those of this file, such as RULE_SEVERITY.')
param extraSettings object = {}

var token = uniqueString(subscription().id, environmentName, location)
var tags = {
  'azd-env-name': environmentName
}
var tryVault = split(tryVaultId, '/')
var teamsVault = split(teamsVaultId, '/')

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-${token}'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: 'st${token}'
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
  }
}

module eventHub 'modules/event-hub.bicep' = {
  name: 'event-hub'
  scope: group
  params: {
    namespaceName: 'evhns-${token}'
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  scope: group
  params: {
    principalId: identity.outputs.principalId
    storageName: storage.outputs.name
    namespaceName: eventHub.outputs.namespaceName
    hubName: eventHub.outputs.hubName
    insightsName: monitoring.outputs.insightsName
  }
}

module teamsSecret 'modules/secret-reader.bicep' = if (!empty(teamsVaultId)) {
  name: 'teams-secret-${token}'
  scope: resourceGroup(empty(teamsVaultId) ? subscription().subscriptionId : teamsVault[2], empty(teamsVaultId) ? group.name : teamsVault[4])
  params: {
    vaultName: empty(teamsVaultId) ? '' : last(teamsVault)
    secretName: teamsSecretName
    principalId: identity.outputs.principalId
  }
}

module functionApp 'modules/function-app.bicep' = {
  name: 'function-app'
  scope: group
  params: {
    name: 'func-${token}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    packageContainer: storage.outputs.packageContainer
    namespaceName: eventHub.outputs.namespaceName
    hubName: eventHub.outputs.hubName
    consumerGroup: eventHub.outputs.consumerGroup
    insightsConnection: monitoring.outputs.insightsConnection
    rules: rules
    expectedAccess: expectedAccess
    certificateSecrets: certificateSecrets
    teamsVaultName: empty(teamsVaultId) ? '' : last(teamsVault)
    teamsSecretName: teamsSecretName
    extraSettings: extraSettings
  }
  dependsOn: [roles, teamsSecret]
}

module activityLog 'modules/activity-log.bicep' = if (exportActivityLog) {
  name: 'activity-log-${token}'
  params: {
    settingName: 'certificate-accessed-${environmentName}'
    authorizationRuleId: eventHub.outputs.diagnosticsRuleId
    hubName: eventHub.outputs.hubName
  }
}

module vaultPolicy 'modules/vault-policy.bicep' = if (coverVaultsByPolicy) {
  name: 'vault-policy-${token}'
  params: {
    assignmentName: 'certificate-accessed-${token}'
    location: location
    authorizationRuleId: eventHub.outputs.diagnosticsRuleId
    hubName: eventHub.outputs.hubName
    namespaceName: eventHub.outputs.namespaceName
    namespaceGroup: group.name
  }
}

module vaultSetting 'modules/vault-setting.bicep' = if (!empty(tryVaultId)) {
  name: 'vault-setting-${token}'
  scope: resourceGroup(empty(tryVaultId) ? subscription().subscriptionId : tryVault[2], empty(tryVaultId) ? group.name : tryVault[4])
  params: {
    vaultName: empty(tryVaultId) ? '' : last(tryVault)
    authorizationRuleId: eventHub.outputs.diagnosticsRuleId
    hubName: eventHub.outputs.hubName
  }
}

module alertsReader 'modules/queue-reader.bicep' = if (!empty(alertsReaderId)) {
  name: 'alerts-reader'
  scope: group
  params: {
    principalId: alertsReaderId
    principalType: alertsReaderType
    storageName: storage.outputs.name
    queueName: 'certificate-alerts'
  }
}

module alarms 'modules/alarms.bicep' = {
  name: 'alarms'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    namespaceName: eventHub.outputs.namespaceName
    email: alarmEmail
  }
}

module forwarder 'modules/queue-forwarder.bicep' = if (!empty(forwardUrl)) {
  name: 'forwarder'
  scope: group
  params: {
    name: 'logic-${token}'
    location: location
    tags: tags
    storageName: storage.outputs.name
    forwardUrl: forwardUrl
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output FUNCTION_APP_NAME string = functionApp.outputs.name
output STORAGE_ACCOUNT_NAME string = storage.outputs.name
output EVENT_HUB_NAMESPACE string = eventHub.outputs.namespaceName
output VAULT_POLICY_ASSIGNMENT string = coverVaultsByPolicy ? 'certificate-accessed-${token}' : ''
