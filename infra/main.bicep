// Everything between the logs of a subscription, or of many, and an alert in a queue, for one region.
// More regions: one environment each, see docs/deployment.md.
targetScope = 'subscription'

@minLength(1)
@maxLength(40)
@description('Name of the environment: it names the resource group and makes all other names unique.')
param environmentName string

@minLength(1)
@metadata({
  azd: {
    type: 'location'
  }
})
@description('Region of the hub and of the Key Vaults: a vault can send to a hub in its own region only.')
param location string

@allowed([
  ''
  'australiaeast'
  'australiasoutheast'
  'brazilsouth'
  'canadacentral'
  'centralindia'
  'centralus'
  'eastasia'
  'eastus'
  'eastus2'
  'francecentral'
  'germanywestcentral'
  'italynorth'
  'japaneast'
  'koreacentral'
  'northcentralus'
  'northeurope'
  'norwayeast'
  'southafricanorth'
  'southcentralus'
  'southeastasia'
  'southindia'
  'spaincentral'
  'swedencentral'
  'uaenorth'
  'uksouth'
  'ukwest'
  'westcentralus'
  'westeurope'
  'westus'
  'westus2'
  'westus3'
])
@metadata({
  azd: {
    type: 'location'
  }
})
@description('Region of app and storage, where that of the hub has no Flex Consumption. Empty: the same.')
param appLocation string = ''

@description('Rules that are on, separated by commas, or all.')
param rules string = 'all'

@description('The YAML file with the access that raises no alert: a path inside the app, or blob:NAME. Empty: none.')
param expectedAccess string = ''

@description('Sigma rules that are on: a folder in the app, or blob:NAME/. sigma: those that are shipped. Empty: none.')
param sigmaRules string = ''

@description('Names of secrets that count as certificates, separated by commas, * for all. Empty: none.')
param certificateNames string = ''

@description('Send the Activity Log of the subscription here. Only one region of a subscription should.')
param exportActivityLog bool = true

@description('Ids of further subscriptions whose Activity Logs come here, separated by commas. Empty: none.')
param activityLogSubscriptions string = ''

@description('Send the logs of Entra here, for Sigma rules. It needs a licence, and a right on the whole tenant.')
param exportEntraAudit bool = false

@description('Let Azure Policy give every Key Vault of this region and subscription its audit setting.')
param coverVaultsByPolicy bool = true

@description('Resource id of the Key Vault that holds the address of the Teams webhook. Empty: Teams is off.')
param teamsVaultId string = ''

@description('Name of the secret with the address of the Teams webhook.')
param teamsSecretName string = 'teams-webhook'

@description('Object id of someone who may read and delete alerts in the queue, and nothing else. Empty: nobody.')
param alertsReaderId string = ''

@allowed(['ServicePrincipal', 'User', 'Group'])
@description('What the reader of the alerts queue is.')
param alertsReaderType string = 'ServicePrincipal'

@description('Object id of who deploys: may look at the alerts and send a drill. azd fills it in. Empty: nobody.')
param deployerId string = ''

@description('What the deployer is. azd fills it in.')
param deployerType string = 'User'

@description('Mail address for alarms. Empty: none is sent.')
param alarmEmail string = ''

@description('Resource id of an action group of your own for all alarms, to call, page or open a ticket. Empty: none.')
param alarmActionGroupId string = ''

@secure()
@description('Address that a Logic App posts every alert to. Empty: there is no Logic App.')
param forwardUrl string = ''

@allowed(['alert', 'pagerduty', 'servicenow', 'slack'])
@description('What the Logic App posts: the alert as it is, or what one of these services takes.')
param forwardFormat string = 'alert'

@secure()
@description('Routing key of PagerDuty, or the Authorization header of ServiceNow. Empty for the others.')
param forwardKey string = ''

@description('Application settings beyond those of this file, such as RULE_SEVERITY.')
param extraSettings object = {}

var token = uniqueString(subscription().id, environmentName, location)
var tags = {
  'azd-env-name': environmentName
}
var appRegion = empty(appLocation) ? location : appLocation
var hubName = 'azure-logs'
// Names that are known beforehand, and not outputs of modules: `what-if` leaves out what is named by an output.
var storageName = 'st${token}'
var namespaceName = 'evhns-${token}'
var insightsName = 'appi-${token}'
// Two environments in one region may send the logs of one vault to two hubs: each setting has a name of its own.
var settingName = 'certificate-accessed-${environmentName}'
var assignmentName = 'certificate-accessed-${token}'
var otherSubscriptions = empty(activityLogSubscriptions) ? [] : split(activityLogSubscriptions, ',')

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-${token}'
    location: appRegion
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    token: token
    insightsName: insightsName
    location: location
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: storageName
    location: appRegion
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
  }
}

module eventHub 'modules/event-hub.bicep' = {
  name: 'event-hub'
  scope: group
  params: {
    namespaceName: namespaceName
    hubName: hubName
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
    storageName: storageName
    namespaceName: namespaceName
    hubName: hubName
    insightsName: insightsName
  }
  dependsOn: [storage, eventHub, monitoring]
}

module functionApp 'modules/function-app.bicep' = {
  name: 'function-app'
  scope: group
  params: {
    name: 'func-${token}'
    location: appRegion
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    packageContainer: storage.outputs.packageContainer
    namespaceName: namespaceName
    hubName: hubName
    consumerGroup: eventHub.outputs.consumerGroup
    insightsConnection: monitoring.outputs.insightsConnection
    rules: rules
    expectedAccess: expectedAccess
    sigmaRules: sigmaRules
    certificateNames: certificateNames
    teamsVaultName: last(split(teamsVaultId, '/'))
    teamsSecretName: teamsSecretName
    extraSettings: extraSettings
  }
  dependsOn: [roles]
}

module activityLog 'modules/activity-log.bicep' = if (exportActivityLog) {
  name: 'activity-log-${token}'
  params: {
    settingName: settingName
    authorizationRuleId: eventHub.outputs.diagnosticsRuleId
    hubName: hubName
  }
}

module otherActivityLogs 'modules/activity-log.bicep' = [
  for id in otherSubscriptions: {
    name: 'activity-log-${token}'
    scope: subscription(trim(id))
    params: {
      settingName: settingName
      authorizationRuleId: eventHub.outputs.diagnosticsRuleId
      hubName: hubName
    }
  }
]

module entraLogs 'modules/entra-logs.bicep' = if (exportEntraAudit) {
  name: 'entra-logs-${token}'
  scope: tenant()
  params: {
    settingName: settingName
    authorizationRuleId: eventHub.outputs.diagnosticsRuleId
    hubName: hubName
  }
}

module vaultPolicy 'modules/vault-policy.bicep' = if (coverVaultsByPolicy) {
  name: 'vault-policy-${token}'
  params: {
    assignmentName: assignmentName
    settingName: settingName
    location: location
    authorizationRuleId: eventHub.outputs.diagnosticsRuleId
    hubName: hubName
    namespaceName: namespaceName
    namespaceGroup: group.name
  }
}

module alertsReader 'modules/queue-reader.bicep' = if (!empty(alertsReaderId)) {
  name: 'alerts-reader'
  scope: group
  params: {
    principalId: alertsReaderId
    principalType: alertsReaderType
    storageName: storageName
    queueName: 'certificate-alerts'
  }
  dependsOn: [storage]
}

module deployer 'modules/deployer.bicep' = if (!empty(deployerId)) {
  name: 'deployer'
  scope: group
  params: {
    principalId: deployerId
    principalType: empty(deployerType) ? 'User' : deployerType
    storageName: storageName
    namespaceName: namespaceName
    hubName: hubName
  }
  dependsOn: [storage, eventHub]
}

module alarms 'modules/alarms.bicep' = {
  name: 'alarms'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    namespaceName: namespaceName
    rules: rules
    activityLogComes: exportActivityLog || !empty(activityLogSubscriptions)
    email: alarmEmail
    actionGroupId: alarmActionGroupId
  }
}

module forwarder 'modules/queue-forwarder.bicep' = if (!empty(forwardUrl)) {
  name: 'forwarder'
  scope: group
  params: {
    name: 'logic-${token}'
    location: appRegion
    tags: tags
    storageName: storageName
    forwardUrl: forwardUrl
    forwardFormat: forwardFormat
    forwardKey: forwardKey
  }
  dependsOn: [storage]
}

output AZURE_RESOURCE_GROUP string = group.name
output FUNCTION_APP_NAME string = functionApp.outputs.name
output APP_PRINCIPAL_ID string = identity.outputs.principalId
output STORAGE_ACCOUNT_NAME string = storage.outputs.name
output EVENT_HUB_NAMESPACE string = eventHub.outputs.namespaceName
output EVENT_HUB_NAME string = hubName
output DIAGNOSTICS_RULE_ID string = eventHub.outputs.diagnosticsRuleId
output DIAGNOSTICS_SETTING string = settingName
output LOG_WORKSPACE_ID string = monitoring.outputs.workspaceCustomerId
output TEAMS_SECRET_ID string = empty(teamsVaultId) ? '' : '${teamsVaultId}/secrets/${teamsSecretName}'
output VAULT_POLICY_ASSIGNMENT string = coverVaultsByPolicy ? assignmentName : ''
