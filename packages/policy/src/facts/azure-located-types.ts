import type { Source } from '@manara/residency';

export const azureLocatedSource: Source = {
  title: 'Resources whose arguments have `location`, each in its default version',
  where: '@pulumi/azure-native 3.28 on npm, types',
  standing: 'primary',
  read: '2026-11-22',
};

/**
 * Azure resources that have a location of their own, by module. Any other is where its parent is: a blob
 * container in its account, a subnet in its network. Modules that hold no content (authorization, billing,
 * management) are left out, and of `resources` all but the group.
 */
const located: Readonly<Record<string, string>> = {
  aad: 'DomainService',
  agfoodplatform: 'DataManagerForAgricultureResource',
  agricultureplatform: 'AgriService',
  alertsmanagement:
    'ActionRuleByName AlertProcessingRuleByName PrometheusRuleGroup SmartDetectorAlertRule',
  analysisservices: 'ServerDetails',
  apicenter: 'Service',
  apimanagement: 'ApiGateway ApiManagementService',
  app: 'Agent AgentSpace Builder Certificate ConnectedEnvironment ConnectedEnvironmentsCertificate ContainerApp ContainerAppsSessionPool Job ManagedCertificate ManagedEnvironment',
  appconfiguration: 'ConfigurationStore Replica',
  applicationinsights:
    'Component MyWorkbook ProactiveDetectionConfiguration WebTest Workbook WorkbookTemplate',
  applink: 'AppLink AppLinkMember',
  appplatform: 'App Service',
  attestation: 'AttestationProvider',
  automanage: 'ConfigurationProfile ConfigurationProfilesVersion',
  automation: 'AutomationAccount DscConfiguration Module Runbook RuntimeEnvironment Watcher',
  avs: 'PrivateCloud',
  awsconnector:
    'AccessAnalyzerAnalyzer AcmCertificateSummary ApiGatewayRestApi ApiGatewayStage AppSyncGraphqlApi AutoScalingAutoScalingGroup CloudFormationStack CloudFormationStackSet CloudFrontDistribution CloudTrailTrail CloudWatchAlarm CodeBuildProject CodeBuildSourceCredentialsInfo ConfigServiceConfigurationRecorder ConfigServiceConfigurationRecorderStatus ConfigServiceDeliveryChannel DatabaseMigrationServiceReplicationInstance DaxCluster DynamoDbContinuousBackupsDescription DynamoDbTable EcrImageDetail EcrRepository EcsCluster EcsService EcsTaskDefinition EfsFileSystem EfsMountTarget EksNodegroup ElasticBeanstalkApplication ElasticBeanstalkConfigurationTemplate ElasticBeanstalkEnvironment EmrCluster GuardDutyDetector IamAccessKeyLastUsed IamAccessKeyMetadataInfo IamGroup IamInstanceProfile IamMfaDevice IamPasswordPolicy IamPolicyVersion IamRole IamServerCertificate IamVirtualMfaDevice KmsAlias KmsKey LambdaFunction LambdaFunctionCodeLocation LightsailBucket LightsailInstance LogsLogGroup LogsLogStream LogsMetricFilter LogsSubscriptionFilter MacieAllowList NetworkFirewallFirewall NetworkFirewallFirewallPolicy NetworkFirewallRuleGroup OpenSearchDomainStatus OrganizationsAccount OrganizationsOrganization RdsDbCluster RdsDbInstance RdsDbSnapshot RdsDbSnapshotAttributesResult RdsEventSubscription RdsExportTask RedshiftCluster RedshiftClusterParameterGroup SageMakerApp SageMakerNotebookInstanceSummary SecretsManagerResourcePolicy SecretsManagerSecret SnsSubscription SnsTopic SqsQueue SsmInstanceInformation SsmParameter SsmResourceComplianceSummaryItem WafWebAclSummary',
  azureactivedirectory: 'CIAMTenant GuestUsage',
  azurearcdata:
    'DataController PostgresInstance SqlManagedInstance SqlServerAvailabilityGroup SqlServerDatabase SqlServerEsuLicense SqlServerInstance SqlServerLicense',
  azuredata: 'SqlServerRegistration',
  azuredatatransfer: 'Connection Flow FlowProfile Pipeline',
  azurefleet: 'Fleet',
  azurelargeinstance: 'AzureLargeInstance AzureLargeStorageInstance',
  azureplaywrightservice: 'Account',
  azureresiliencemanagement: 'UsagePlan',
  azuresphere: 'Catalog',
  azurestack: 'LinkedSubscription Registration',
  azurestackhci:
    'Cluster DevicePool EdgeMachine GalleryImage LoadBalancer LogicalNetwork MachineExtension MarketplaceGalleryImage NatGateway NetworkInterface NetworkSecurityGroup PublicIPAddress Snapshot StorageContainer Update UpdateRun UpdateSummary VirtualHardDisk VirtualMachine VirtualNetwork',
  baremetalinfrastructure: 'AzureBareMetalInstance AzureBareMetalStorageInstance',
  batch: 'BatchAccount',
  billingbenefits: 'ConditionalCredit Credit Discount FreeService Macc Source',
  blueprint: 'Assignment',
  botservice: 'Bot BotConnection Channel',
  cdn: 'AFDEndpoint EdgeAction EdgeActionExecutionFilter EdgeActionVersion Endpoint Policy Profile WebAgent',
  certificateregistration: 'AppServiceCertificateOrder AppServiceCertificateOrderCertificate',
  chaos: 'Experiment PrivateAccess Target',
  cloudhealth: 'HealthModel',
  cloudngfw: 'Firewall GlobalRulestack LocalRulestack',
  codesigning: 'CodeSigningAccount',
  cognitiveservices:
    'Account CommitmentPlan PrivateEndpointConnection Project SharedCommitmentPlan',
  communication: 'CommunicationService Domain EmailService',
  community: 'CommunityTraining',
  compute:
    'AvailabilitySet CapacityReservation CapacityReservationGroup DedicatedHost DedicatedHostGroup Disk DiskAccess DiskEncryptionSet Gallery GalleryApplication GalleryApplicationVersion GalleryImage GalleryImageVersion GalleryInVMAccessControlProfile GalleryInVMAccessControlProfileVersion GalleryScript GalleryScriptVersion Image ProximityPlacementGroup RestorePointCollection Snapshot SshPublicKey VirtualMachine VirtualMachineExtension VirtualMachineRunCommandByVirtualMachine VirtualMachineScaleSet VirtualMachineScaleSetVM VirtualMachineScaleSetVMExtension VirtualMachineScaleSetVMRunCommand',
  computebulkactions: 'BulkAction',
  computelimit: 'GuestSubscription SharedLimit',
  computeschedule: 'ScheduledAction',
  confidentialledger: 'Ledger ManagedCCF',
  confluent: 'Organization',
  connectedcache:
    'CacheNodesOperation EnterpriseCustomerOperation EnterpriseMccCacheNodesOperation EnterpriseMccCustomer IspCacheNodesOperation IspCustomer',
  connectedvmwarevsphere:
    'Cluster Datastore Host MachineExtension ResourcePool VCenter VirtualMachine VirtualMachineTemplate VirtualNetwork',
  containerinstance: 'CGProfile ContainerGroup ContainerGroupProfile NGroup',
  containerregistry:
    'AgentPool ExportPipeline ImportPipeline Registry Replication Task TaskRun Webhook',
  containerservice:
    'Fleet FleetManagedNamespace ManagedCluster ManagedClusterSnapshot ManagedNamespace Namespace Snapshot',
  containerstorage: 'Pool',
  contoso: 'Employee',
  cosmosdb:
    'CassandraCluster CassandraResourceCassandraKeyspace CassandraResourceCassandraTable CassandraResourceCassandraView DatabaseAccount Fleet GarnetCluster GraphResourceGraph GremlinResourceGremlinDatabase GremlinResourceGremlinGraph MongoCluster MongoDBResourceMongoDBCollection MongoDBResourceMongoDBDatabase SqlResourceSqlContainer SqlResourceSqlDatabase SqlResourceSqlStoredProcedure SqlResourceSqlTrigger SqlResourceSqlUserDefinedFunction TableResourceTable ThroughputPool',
  customerinsights: 'Hub',
  customproviders: 'CustomResourceProvider',
  dashboard: 'Dashboard Grafana IntegrationFabric ManagedPrivateEndpoint',
  databasefleetmanager: 'Fleet',
  databasewatcher: 'Watcher',
  databox: 'Job',
  databoxedge: 'Device',
  databricks: 'AccessConnector Workspace',
  datacatalog: 'ADCCatalog',
  datadog: 'Monitor',
  datafactory: 'Factory',
  datalakeanalytics: 'Account',
  datalakestore: 'Account',
  datamigration: 'MigrationService Project Service SqlMigrationService',
  dataprotection: 'BackupVault ResourceGuard',
  datareplication: 'Fabric Vault',
  datashare: 'Account',
  dbformariadb: 'Server',
  dbformysql: 'Server SingleServer',
  dbforpostgresql: 'Migration Server ServerGroupCluster SingleServer',
  delegatednetwork:
    'ControllerDetails DelegatedSubnetServiceDetails OrchestratorInstanceServiceDetails',
  dependencymap: 'DiscoverySource Map',
  desktopvirtualization: 'AppAttachPackage ApplicationGroup HostPool ScalingPlan Workspace',
  devcenter:
    'DevBoxDefinition DevCenter EncryptionSet NetworkConnection Plan Pool Project ProjectEnvironmentType Schedule',
  devhub: 'IacProfile Workflow',
  deviceprovisioningservices: 'IotDpsResource',
  deviceregistry:
    'Asset AssetEndpointProfile Credential DiscoveredAsset DiscoveredAssetEndpointProfile Namespace NamespaceAsset NamespaceDevice NamespaceDiscoveredAsset NamespaceDiscoveredDevice Policy SchemaRegistry',
  deviceupdate: 'Account Instance',
  devopsinfrastructure: 'Pool',
  devspaces: 'Controller',
  devtestlab:
    'ArtifactSource CustomImage Disk Environment Formula GlobalSchedule Lab NotificationChannel Policy Schedule Secret ServiceFabric ServiceFabricSchedule ServiceRunner User VirtualMachine VirtualMachineSchedule VirtualNetwork',
  digitaltwins: 'DigitalTwin',
  discovery:
    'Bookshelf ChatModelDeployment NodePool Project StorageAsset StorageContainer Supercomputer Tool Workspace',
  dns: 'Zone',
  dnsresolver:
    'DnsForwardingRuleset DnsResolver DnsResolverDomainList DnsResolverPolicy DnsResolverPolicyVirtualNetworkLink DnsSecurityRule InboundEndpoint OutboundEndpoint',
  domainregistration: 'Domain',
  durabletask: 'Scheduler',
  dynamics365fraudprotection: 'InstanceDetails',
  easm: 'Workspace',
  edge: 'ConfigTemplate Configuration Context Diagnostic Schema SolutionTemplate Target',
  edgeorder: 'Address OrderItem',
  elastic: 'Monitor',
  elasticsan: 'ElasticSan',
  engagementfabric: 'Account',
  enterpriseknowledgegraph: 'EnterpriseKnowledgeGraph',
  eventgrid:
    'Domain Namespace PartnerConfiguration PartnerDestination PartnerNamespace PartnerRegistration PartnerTopic SystemTopic Topic',
  eventhub: 'Cluster Namespace',
  extendedlocation: 'CustomLocation ResourceSyncRule',
  fabric: 'FabricCapacity',
  fileshares: 'FileShare',
  fluidrelay: 'FluidRelayServer',
  frontdoor: 'Experiment FrontDoor NetworkExperimentProfile Policy',
  graphservices: 'Account',
  guestconfiguration:
    'GuestConfigurationAssignment GuestConfigurationAssignmentsVMSS GuestConfigurationConnectedVMwarevSphereAssignment GuestConfigurationHCRPAssignment',
  hardwaresecuritymodules: 'CloudHsmCluster DedicatedHsm',
  hdinsight: 'Cluster',
  healthbot: 'Bot',
  healthcareapis:
    'AnalyticsConnector DicomService FhirService IotConnector IotConnectorFhirDestination Service Workspace',
  healthdataaiservices: 'DeidService',
  horizondb: 'HorizonDbCluster HorizonDbParameterGroup',
  hybridcloud: 'CloudConnection CloudConnector',
  hybridcompute:
    'Gateway License LicenseProfile Machine MachineExtension MachineRunCommand PrivateLinkScope',
  hybridconnectivity: 'PublicCloudConnector',
  hybridcontainerservice: 'VirtualNetworkRetrieve',
  hybridnetwork:
    'ArtifactManifest ArtifactStore ConfigurationGroupSchema ConfigurationGroupValue Device NetworkFunction NetworkFunctionDefinitionGroup NetworkFunctionDefinitionVersion NetworkServiceDesignGroup NetworkServiceDesignVersion Publisher Site SiteNetworkService',
  importexport: 'Job',
  integrationspaces: 'Application Space',
  intune: 'AndroidMAMPolicyByName IoMAMPolicyByName',
  iotcentral: 'App',
  iotfirmwaredefense: 'Workspace',
  iothub: 'IotHubResource',
  iotoperations: 'Instance',
  iotoperationsdataprocessor: 'Dataset Instance Pipeline',
  iotoperationsmq:
    'Broker BrokerAuthentication BrokerAuthorization BrokerListener DataLakeConnector DataLakeConnectorTopicMap DiagnosticService KafkaConnector KafkaConnectorTopicMap Mq MqttBridgeConnector MqttBridgeTopicMap',
  iotoperationsorchestrator: 'Instance Solution Target',
  keyvault: 'MHSMPrivateEndpointConnection ManagedHsm Vault',
  kubernetes: 'ConnectedCluster',
  kubernetesconfiguration: 'PrivateLinkScope',
  kusto:
    'AttachedDatabaseConfiguration Cluster CosmosDbDataConnection EventGridDataConnection EventHubConnection EventHubDataConnection IotHubDataConnection ReadOnlyFollowingDatabase ReadWriteDatabase',
  labservices: 'Lab LabPlan',
  loadtestservice: 'LoadTest PlaywrightWorkspace',
  logic:
    'IntegrationAccount IntegrationAccountAgreement IntegrationAccountAssembly IntegrationAccountBatchConfiguration IntegrationAccountCertificate IntegrationAccountMap IntegrationAccountPartner IntegrationAccountSchema IntegrationAccountSession IntegrationServiceEnvironment IntegrationServiceEnvironmentManagedApi RosettaNetProcessConfiguration Workflow',
  m365securityandcompliance:
    'PrivateLinkServicesForEDMUpload PrivateLinkServicesForMIPPolicySync PrivateLinkServicesForSCCPowershell',
  machinelearning: 'Workspace',
  machinelearningservices:
    'BatchDeployment BatchEndpoint CapacityReservationGroup Compute InferenceEndpoint InferenceGroup InferencePool LinkedService OnlineDeployment OnlineEndpoint PrivateEndpointConnection Registry ServerlessEndpoint Workspace',
  maintenance:
    'ConfigurationAssignment ConfigurationAssignmentParent ConfigurationAssignmentsForResourceGroup ConfigurationAssignmentsForSubscription MaintenanceConfiguration',
  managedidentity: 'UserAssignedIdentity',
  managednetwork: 'ManagedNetwork ManagedNetworkGroup ManagedNetworkPeeringPolicy ScopeAssignment',
  managednetworkfabric:
    'AccessControlList InternetGateway InternetGatewayRule IpCommunity IpExtendedCommunity IpPrefix NeighborGroup NetworkBootstrapDevice NetworkDevice NetworkFabric NetworkFabricController NetworkMonitor NetworkPacketBroker NetworkRack NetworkTap NetworkTapRule RoutePolicy',
  manufacturingplatform: 'ManufacturingDataService',
  maps: 'Account Creator PrivateAtlase',
  migrate:
    'AssessmentProjectsOperation MigrateProject MigrateProjectsControllerMigrateProject ModernizeProject MoveCollection Project',
  mission:
    'Community CommunityEndpoint DedicatedHub EnclaveConnection EnclaveEndpoint TransitHub VirtualEnclave Workload',
  mongocluster: 'MongoCluster',
  monitor:
    'ActionGroup ActivityLogAlert AutoscaleSetting AzureMonitorWorkspace DataCollectionEndpoint DataCollectionRule HealthModel MetricAlert PipelineGroup PrivateLinkScope ScheduledQueryRule TenantActionGroup',
  mysqldiscovery: 'MySQLSite',
  netapp:
    'Account ActiveDirectoryConfig BackupPolicy BackupVault CapacityPool CapacityPoolBackup CapacityPoolCache CapacityPoolSnapshot CapacityPoolVolume CapacityPoolVolumeQuotaRule ElasticAccount ElasticBackupPolicy ElasticBackupVault ElasticCapacityPool ElasticSnapshotPolicy ElasticVolume SnapshotPolicy VolumeGroup',
  network:
    'ApplicationGateway ApplicationSecurityGroup AzureFirewall BastionHost ConnectionMonitor CustomIPPrefix DdosCustomPolicy DdosProtectionPlan DscpConfiguration ExpressRouteCircuit ExpressRouteGateway ExpressRoutePort FirewallPolicy FirewallPolicyDraft FlowLog InterconnectGroup InterfaceEndpoint IpAllocation IpGroup IpamPool LoadBalancer LoadBalancerBackendAddressPool LocalNetworkGateway NatGateway NetworkInterface NetworkManager NetworkProfile NetworkSecurityGroup NetworkSecurityPerimeter NetworkSecurityPerimeterAccessRule NetworkSecurityPerimeterAssociation NetworkSecurityPerimeterProfile NetworkVirtualAppliance NetworkWatcher NspAccessRule NspAssociation NspProfile PrivateEndpoint PrivateLinkService PublicIPAddress PublicIPPrefix RouteFilter RouteFilterRule RouteTable SecurityPartnerProvider ServiceEndpointPolicy ServiceGateway VerifierWorkspace VirtualHub VirtualNetwork VirtualNetworkAppliance VirtualNetworkGateway VirtualNetworkGatewayConnection VirtualNetworkTap VirtualRouter VirtualWan VpnGateway VpnServerConfiguration VpnSite WebApplicationFirewallPolicy',
  networkcloud:
    'AccessBridge AgentPool BareMetalMachine BareMetalMachineKeySet BmcKeySet CloudServicesNetwork Cluster ClusterManager Console KubernetesCluster KubernetesClusterFeature KubernetesVersion MetricsConfiguration Rack StorageAppliance TrunkedNetwork VirtualMachine Volume',
  networkfunction: 'AzureTrafficCollector CollectorPolicy',
  notificationhubs:
    'Namespace NamespaceAuthorizationRule NotificationHub NotificationHubAuthorizationRule',
  offazure:
    'HyperVSite HypervSitesController ImportSitesController MasterSitesController ServerSitesController Site SitesController',
  offazurespringboot: 'Springbootsite',
  onlineexperimentation: 'OnlineExperimentationWorkspace',
  openenergyplatform: 'EnergyService',
  operationalinsights: 'Cluster QueryPack Workspace',
  operationsmanagement: 'ManagementAssociation ManagementConfiguration Solution',
  orbital: 'ContactProfile EdgeSite GeoCatalog GroundStation Spacecraft',
  peering: 'Peering PeeringService',
  portal: 'ConsoleWithLocation Dashboard UserSettingsWithLocation',
  powerbi: 'PowerBIResource WorkspaceCollection',
  powerbidedicated: 'AutoScaleVCore CapacityDetails',
  powerplatform: 'Account EnterprisePolicy',
  privatedns: 'PrivateZone VirtualNetworkLink',
  professionalservice: 'ProfessionalServiceSubscriptionLevel',
  programenrollment: 'EduEnrollment',
  programmableconnectivity: 'Gateway OperatorApiConnection',
  providerhub: 'ProviderMonitorSetting',
  purview: 'Account',
  quantum: 'Workspace',
  recommendationsservice: 'Account Modeling ServiceEndpoint',
  recoveryservices:
    'PrivateEndpointConnection ProtectedItem ProtectionContainer ProtectionIntent ProtectionPolicy ResourceGuardProxy Vault',
  redhatopenshift: 'OpenShiftCluster',
  redis: 'Redis',
  redisenterprise: 'RedisEnterprise',
  relay: 'Namespace',
  resourceconnector: 'Appliance',
  resourcegraph: 'GraphQuery',
  resources: 'ResourceGroup',
  saas: 'SaasSubscriptionLevel',
  scheduler: 'JobCollection',
  scom: 'Instance',
  scvmm:
    'AvailabilitySet Cloud MachineExtension VirtualMachine VirtualMachineTemplate VirtualNetwork VmmServer',
  search: 'Service',
  secretsynccontroller: 'AzureKeyVaultSecretProviderClass SecretSync',
  security: 'Assignment Automation IotSecuritySolution PrivateLink SecurityConnector Standard',
  securityandcompliance:
    'PrivateLinkServicesForEDMUpload PrivateLinkServicesForMIPPolicySync PrivateLinkServicesForSCCPowershell',
  servicebus: 'Namespace',
  servicefabric:
    'ManagedCluster ManagedClusterApplication ManagedClusterApplicationType ManagedClusterApplicationTypeVersion ManagedClusterService',
  servicefabricmesh: 'Application Gateway Network Secret SecretValue Volume',
  servicelinker: 'Connector ConnectorDryrun',
  servicenetworking:
    'AssociationsInterface FrontendsInterface SecurityPoliciesInterface TrafficControllerInterface',
  signalrservice: 'SignalR SignalRReplica',
  solutions: 'Application ApplicationDefinition JitRequest',
  sovereign: 'LandingZoneAccountOperation',
  sql: 'Database DatabaseThreatDetectionPolicy ElasticPool InstancePool JobAgent ManagedDatabase ManagedInstance Server VirtualCluster',
  sqlvirtualmachine: 'SqlVirtualMachine SqlVirtualMachineGroup',
  standbypool: 'StandbyContainerGroupPool StandbyVirtualMachinePool',
  storage: 'Connector DataShare StorageAccount',
  storageactions: 'StorageTask',
  storagecache: 'AmlFilesystem AutoExportJob AutoImportJob Cache ImportJob',
  storagediscovery: 'StorageDiscoveryWorkspace',
  storagemover: 'StorageMover',
  storagepool: 'DiskPool',
  storagesync: 'StorageSyncService',
  streamanalytics: 'Cluster StreamingJob',
  synapse:
    'BigDataPool EventGridDataConnection EventHubDataConnection IotHubDataConnection KustoPool KustoPoolAttachedDatabaseConfiguration PrivateLinkHub ReadOnlyFollowingDatabase ReadWriteDatabase SqlPool Workspace',
  syntex: 'DocumentProcessor',
  testbase: 'Package TestBaseAccount',
  timeseriesinsights: 'EventHubEventSource IoTHubEventSource ReferenceDataSet',
  trafficmanager: 'Profile',
  verifiedid: 'Authority',
  videoindexer: 'Account',
  virtualmachineimages: 'VirtualMachineImageTemplate',
  vmwarecloudsimple: 'DedicatedCloudNode DedicatedCloudService VirtualMachine',
  web: 'AiGateway AppServiceEnvironment AppServicePlan Certificate Connection ConnectionGateway CustomApi KubeEnvironment SiteCertificate SiteCertificateSlot StaticSite WebApp WebAppPremierAddOn WebAppPremierAddOnSlot WebAppSlot',
  webpubsub: 'WebPubSub WebPubSubReplica',
  weightsandbiases: 'Instance',
  widget: 'Employee',
  windowsesu: 'MultipleActivationKey',
  windowsiot: 'Service',
  workloads:
    'ACSSBackupConnection Connector Monitor SapApplicationServerInstance SapCentralServerInstance SapDatabaseInstance SapDiscoverySite SapInstance SapVirtualInstance',
};

const types: ReadonlySet<string> = new Set(
  Object.entries(located).flatMap(([module, kinds]) =>
    kinds.split(' ').map((kind) => `azure-native:${module}:${kind}`),
  ),
);

/** Whether a type, written as `Resource.type`, has a location of its own. */
export function hasLocation(type: string): boolean {
  return types.has(type);
}
