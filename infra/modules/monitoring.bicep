// Where the app's own logs go. Nobody writes here with a key.

@description('What makes the names unique.')
param token string

@description('Name of the Application Insights resource.')
param insightsName string

@description('Region.')
param location string

@description('Tags.')
param tags object

@minValue(30)
@maxValue(730)
@description('Days that logs are kept. The first 31 cost nothing extra.')
param retentionDays int = 30

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: 'log-${token}'
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    features: {
      disableLocalAuth: true
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

output workspaceId string = workspace.id
output workspaceCustomerId string = workspace.properties.customerId
output insightsConnection string = insights.properties.ConnectionString
