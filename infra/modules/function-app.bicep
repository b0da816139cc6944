// The app: Flex Consumption, a custom handler, and settings that hold names, never secrets.

@description('Name of the app.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('Resource id of the identity of the app.')
param identityId string

@description('Client id of the identity of the app.')
param identityClientId string

@description('Name of the storage account.')
param storageName string

@description('Name of the container that holds the package.')
param packageContainer string

@description('Name of the Event Hubs namespace.')
param namespaceName string

@description('Name of the hub.')
param hubName string

@description('Name of the consumer group.')
param consumerGroup string

@description('Connection string of Application Insights. It holds no key that works: keys are off there.')
param insightsConnection string

@description('Rules that are on.')
param rules string

@description('The expected-access file: a path in the app, or blob:NAME. Empty: none.')
param expectedAccess string

@description('The Sigma rules: a folder in the app, or blob:NAME/. Empty: none.')
param sigmaRules string

@description('Names of secrets that count as certificates. Empty: none.')
param certificateNames string

@description('Name of the Key Vault with the address of the Teams webhook. Empty: Teams is off.')
param teamsVaultName string

@description('Name of the secret with that address.')
param teamsSecretName string

@description('Further application settings.')
param extraSettings object

@allowed([2048, 4096])
@description('Memory of an instance in MB. With 512, large events end the host again and again: docs/performance.md.')
param instanceMemory int = 2048

@minValue(40)
@maxValue(1000)
@description('Instances at most. There are never more at work than partitions.')
param maximumInstances int = 40

var teams = !empty(teamsVaultName)
var webhook = '@Microsoft.KeyVault(SecretUri=https://${teamsVaultName}${environment().suffixes.keyvaultDns}/secrets/${teamsSecretName})'

var settings = {
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnection
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  AzureWebJobsStorage__accountName: storageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  EventHubConnection__fullyQualifiedNamespace: '${namespaceName}.servicebus.windows.net'
  EventHubConnection__credential: 'managedidentity'
  EventHubConnection__clientId: identityClientId
  EVENT_HUB_NAME: hubName
  EVENT_HUB_CONSUMER_GROUP: consumerGroup
  RULES: rules
  STATE_STORE: 'blob'
  EXPECTED_ACCESS: expectedAccess
  SIGMA_RULES: sigmaRules
  CERTIFICATE_SECRETS: certificateNames
  'AzureWebJobs.NotifyTeams.Disabled': teams ? 'false' : 'true'
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'certificate-accessed' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    siteConfig: {
      http20Enabled: true
      minTlsVersion: '1.2'
    }
    functionAppConfig: {
      runtime: {
        name: 'custom'
        version: '1.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: maximumInstances
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: 'https://${storageName}.blob.${environment().suffixes.storage}/${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(settings, teams ? { TEAMS_WEBHOOK_URL: webhook } : {}, extraSettings)
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

output name string = app.name
